/** English, by the switch in the header. */
import { enAccount } from "../../src/i18n/enAccount";
import { enSaid } from "../../src/i18n/enSaid";
import { enMap, enShared } from "../../src/i18n/enShared";
import type { zh } from "./zh";

export const en: typeof zh = {
  ...enShared,
  ...enSaid,
  account: { ...enShared.account, ...enAccount },
  app: { title: "JuJiaLe family", language: "中文", skip: "Skip to how they are" },
  login: { ...enShared.login, title: "JuJiaLe family", subtitle: "Log-in for relatives", ended: "You are no longer logged in. Until you log in again nothing new arrives and nothing is shown." },
  map: { ...enMap, schematic_note: "A sketch: do not find your way by it" },
  hindrance: {
    role: "This page is for relatives; your account is not one of theirs.", password: "Somebody else chose your password. Choose one that only you know before you see anything.", factor: "Your account needs a second factor before you see anything.", locked: "The screen is locked. Unlock it to see how they are.",
    go: { role: "To my page", password: "Change the password", factor: "Add the second factor", locked: "Unlock" }, again: "Done, go on", warning: "Until then nothing arrives and nothing rings.",
  },
  access: {
    asking: "Reading…", ended: "You may not see anything at present; nothing is shown here any more.", ended_what: "To see again, ask the call centre or the community for a new invitation, with the person's consent.", nobody: "There is nothing to show yet.", nobody_what: "A call for help appears here at once and rings. Keep this page open.",
    unreached: "It could not be read; trying again.", retry: "Try again",
  },
  sentence: {
    seen: "{{name}} was {{place}} {{ago}} ({{sure}})", lost: "{{name}}: position unknown for {{duration}}, last {{place}} ({{sure}})", none: "{{name}}: no position at present", just_now: "just now", on_map: "where the map shows", near_home: "near home", from_home: "about {{distance}} from home",
    accuracy: "±{{distance}}", sure: "{{method}}, {{accuracy}}", wifi: "by WiFi", cell: "by cell", aflt: "by cell trilateration",
  },
  status: { calm: "No call for help at present", calm_what: "A call for help appears here at once and rings.", doubtful: "The link is down: nobody knows whether there is a call for help", place: "Position", none_what: "It appears here once there is one.", lost_what: "This is where they were then, perhaps not now.", battery: "Handset battery {{n}}% ({{ago}})" },
  place: { title: "Position and way", open: "Open in the telephone's map", coordinates: "{{lat}} N, {{lon}} E (WGS-84), {{time}}", datum: "On a map with another datum they are some hundred metres off.", renew: "Renew the position", renewing: "Renewing…", failed: "It was not renewed; this is the position from before.", none: "There is no position to draw on a map." },
  trail: {
    show: "Show today's way", hide: "Hide today's way", loading: "Reading the way…", failed: "The way could not be read.", retry: "Try again", not_covered: "The consent does not cover the track.", none: "No way today yet.", words: "Today {{first}} to {{last}}, about {{distance}}, {{n}} fixes", unsure: "Fixes less sure than 300 metres are not drawn.", key: "Darker is newer; broken where no fix came for 10 minutes.",
  },
  incident: {
    drill: "Drill", title: "Call for help", ended: "Ended", what: "{{name}} {{what}} {{ago}}", late: "{{name}} {{what}} {{ago}}; it arrived {{arrived}}", cancelled: "{{name}} {{what}} {{ago}} and took it back; it is still being checked", just_now: "just now", times: ", {{n}} times",
    kind: {
      press: "pressed for help", call: "needs help, a caller says,", fall: "may have fallen", wandering: "may be lost", fence_exit: "left the usual area", zone_entry: "entered a dangerous area", overdue: "is not back in time", inactivity: "has not moved for long", silence: "cannot be reached by handset",
      low_battery: "has a low battery since", taken_off: "took the handset off", login_refused: "has a handset that cannot log in since", two_places: "has a handset that logs in oddly since",
    },
    seen: "I have seen it, stop ringing", at: "{{time}}", outcome: "Outcome: {{outcome}}",
    now: {
      received: "It has arrived; an operator is being called.", calling_all: "Nobody has taken it yet; more people are being called.", claimed: "An operator has taken it.", station_asked: "A station was asked to go and has not answered yet.", station_ready: "A station has taken the task and gets ready.", on_the_way: "Help is on the way.",
      on_scene: "Help is with them.", done_there: "The helper is done; the operator checks once more.", station_lost: "The station cannot come; the operator finds somebody else.", silent: "The operator does not answer; others are being called.", released: "The operator has handed it back; another one is being called.", resolved: "The danger is over; the operator finishes the case.",
      closed: "It has ended.", unsaved: "It has arrived, is not stored yet, and an operator is being called.",
    },
  },
  stage: {
    title: "Progress", received: "Received", claimed: "Taken", on_the_way: "On the way", on_scene: "There", closed: "Ended", untimed: "time unknown", skipped: "not said", never: "never", undone: "undone", ahead: "not yet",
    account: "The whole account", account_failed: "The account could not be read; the progress above is the latest.", some_station: "A station", back: "a step back",
  },
  told: {
    opened: "The call for help arrived", signal_joined: "Another signal arrived", claimed: "An operator took it", released: "The operator handed it back; another one is being called", dispatched: "The operator asked a station to go", transferred: "Another operator has it now", handed_over: "The operator has called outside rescue (120, 110 or 119)",
    resolved: "The danger is over", reopened: "Taken up again", closed: "Ended", answer_overdue: "The operator does not answer; others are being called", ladder_stepped: "Nobody has taken it yet; more people are being called", task_overdue: "{{station}} has not answered in time; the operator asks again",
    task: { offered: "{{station}} was asked", acknowledged: "{{station}} has taken it", declined: "{{station}} cannot go; the operator finds somebody else", en_route: "{{station}} is on the way", on_scene: "{{station}} is there", finished: "{{station}} is done", failed: "{{station}} could not do it; the operator finds somebody else", withdrawn: "{{station}} need not go" },
    contact: { resident: "The operator spoke with the person", witness: "The operator spoke with somebody there", "120": "The operator spoke with 120", "110": "The operator spoke with 110" },
  },
  answer: {
    title: "Tell the operator", explain: "The operator sees it at once; it does not end the case.", they: { female: "her", male: "him" }, calling: "I am calling {{they}}", reached_well: "I reached {{they}}, all is well", coming: "I am on my way", other: "Something else", text: "What the operator should know", missing: "Please write some words.", send: "Send", back: "Back",
    asking: "“{{answer}}” is being sent…", sent: "“{{answer}}” reached the desk at {{time}}.", unreached: "“{{answer}}” had no answer; nobody knows whether it arrived.", refused: "“{{answer}}” did not arrive: {{why}}", again: "Send again", drop: "Understood",
    why: { gone: "The call centre cannot take such words now. If it is urgent, telephone.", closed: "The case has ended.", forbidden: "Your account cannot do this now.", many: "Too many; wait a little and try again.", server: "The server cannot store it now; try again." },
  },
  viewers: {
    title: "Who else can see", explain: "Relatives see the position and how a call for help goes on. The call centre and the station that is sent see it during a call for help. Every look is on record.", you: "you", since: "since {{time}}", loading: "Reading…", failed: "It could not be read.", retry: "Try again", none: "No other relative.",
  },
  banner: {
    label: "Warnings", down: "The link to the server has been down for {{duration}}; reconnecting. Nothing new arrives and nothing rings; what you see may be old.", connecting: "Connecting to the server…", sound_off: "No sound yet: a call for help will not ring.", sound_suspended: "The sound is not running: a call for help will not ring.", sound_on: "Turn sound on",
  },
  header: { log_out: "Log out", log_out_failed: "Not logged out: the server did not answer. This telephone is still logged in." },
  news: { opened: "{{words}}", title: "(Help) {{name}} · JuJiaLe" },
};
