/** English, by the switch in the header. */
import type { zh } from "./zh";

import { enAccount } from "../../src/i18n/enAccount";
import { enSaid } from "../../src/i18n/enSaid";
import { enIncident, enShared } from "../../src/i18n/enShared";

export const en: typeof zh = {
  ...enShared,
  ...enIncident,
  ...enSaid,
  account: { ...enShared.account, ...enAccount },
  app: { title: "JuJiaLe station", language: "中文", skip: "Skip to the tasks" },
  linked: {
    title: "JuJiaLe task", asking: "Opening the task…", over: "This task is over, or the link is wrong. Ring the call centre if in doubt.", unreached: "The server cannot be reached: what you see may be old, and what you press does not count. Trying again.",
    alone: "This link opens this one task alone. Do not pass it on; it ends with the task.",
  },
  login: {
    ...enShared.login, title: "JuJiaLe station", subtitle: "Log-in for station staff",
    ended: "You are no longer logged in. Until you log in again no new task arrives and none is shown; what was not confirmed does not count.",
  },
  hindrance: {
    role: "This page is for station staff; your account is not one of theirs.", password: "Somebody else chose your password. Choose one that only you know before you take tasks.", factor: "Your account needs a second factor before you take tasks.", locked: "The screen is locked. Unlock it to see the tasks.",
    go: { role: "To the console", password: "Change the password", factor: "Add the second factor", locked: "Unlock" }, again: "Done, go on", warning: "Until then no task arrives.",
    no_station: "Your account has no station yet, so no task arrives. Ask the administrator.",
  },
  state: { offered: "Waiting for you", acknowledged: "Taken", declined: "Declined", en_route: "On the way", on_scene: "There", finished: "Done", failed: "Not possible", withdrawn: "Withdrawn" },
  step: { offered: "Asked", acknowledged: "Taken", en_route: "On the way", on_scene: "There", finished: "Done", skipped: "time unknown", title: "Progress" },
  act: { acknowledge: "Take it", decline: "Cannot go", "en-route": "On the way", "on-scene": "Arrived", finish: "Done", fail: "Not possible", undo: "Undo", "no-answer": "Nobody opens", "need-ambulance": "Need 120", "need-help": "I need help", "still-at-it": "Still at it, all is well", "still-at-it_en_route": "Still on the way" },
  quick: { title: "Tell the call centre at once", undo: "Undo the last step ({{n}} s)", said: "The call centre was told: {{what}}", no_answer: "nobody opens", need_ambulance: "120 is needed", need_help: "I need help", still_at_it: "still at it, all is well", still_at_it_en_route: "still on the way", too_late: "more than 10 s have passed. Telephone the call centre." },
  sent: {
    asking: "“{{act}}”: being confirmed…", unreached: "“{{act}}” was not confirmed by the server. Nobody knows whether it arrived; until it is confirmed it does not count.", refused: "“{{act}}” failed: {{detail}}",
    moved: "“{{act}}” failed: the task has just changed. Look, then press again.", again: "Try again", drop: "Understood", give_up: "Not now", server: "the server cannot save it at present. Try again in a moment.", forbidden: "your account may not do this now.",
  },
  form: {
    decline: "Why can nobody go?", fail: "Why is it not possible?", finish: "What came of it?", other: "Other", words: { decline: "More about it", fail: "More about it", finish: "More about it (optional)" }, back: "Back",
    submit: { decline: "Nobody can go", fail: "It is not possible", finish: "It is done" }, missing: "Choose one; with “Other”, say what.",
    reasons: {
      decline: { away: "Everybody is out", far: "Too far to be in time", transport: "No means of transport", nobody: "Nobody is free to go" },
      fail: { not_found: "The person cannot be found", no_entry: "Nobody opens, no way in", turned_away: "The person or the family refuses", broke_down: "Held up on the way, cannot get there", needs_others: "A case for 120 or 110" },
      finish: { well: "The person is well, nothing to do", helped: "Helped up or settled, not hurt", family: "The family has taken over", hospital: "Taken to hospital or handed to 120", mistaken: "Pressed by mistake, the person is well" },
    },
  },
  left: {
    answer_left: "Answer within {{time}}", answer_over: "Answer overdue by {{time}}, the call centre waits", progress_left: "Say how it goes within {{time}}", progress_over: "Word overdue by {{time}}, the call centre waits", again: "{{words}} (asked {{n}} times)",
  },
  banner: {
    label: "Warnings",
    down: "The link to the server has been down for {{duration}}; reconnecting. No new task arrives and nothing rings; what you see may be old. Whatever you pressed does not count until it is shown as confirmed. If it is urgent, telephone the call centre.",
    connecting: "Connecting to the server; tasks are not shown yet.", sound_off: "No sound yet: neither a task nor a reminder will ring.", sound_suspended: "The sound is not running: neither a task nor a reminder will ring.", sound_on: "Turn sound on",
  },
  header: { log_out: "Log out", log_out_failed: "Not logged out: the server did not answer. This telephone is still logged in.", confirm: "Tasks that have not ended: {{n}}. Once logged out you hear of nothing. Log out?", clock: "Server time" },
  tab: { live: "Tasks", ended: "Ended today", account: "My account", label: "What is shown" },
  live: {
    count: "Tasks: {{n}}, waiting for you: {{waiting}}", empty: "No task at present", empty_hint: "Keep this page open and the telephone awake. When the call centre sends a task, it appears here and rings.", loading: "Reading the tasks…", news: "New task: {{names}}. Please answer.", title: "({{n}}) New task · JuJiaLe station",
  },
  cover: {
    title: "Screen covered", explain: "Nobody has touched this page for ten minutes: names, addresses and places are not shown. Tasks are counted and ring as ever.", ended: "Tasks that have ended: {{n}}.", untaken: "Not confirmed by the server, or failed: {{n}}. The call centre may not know. Open and look, or ring the call centre.", overdue: "Tasks of which nothing was heard in time: {{n}}. Open, and say how it goes.", open: "Touch to see the tasks", unlock: "Unlock", wrong: "The password is not right.", failed: "Not unlocked: {{detail}}", news: "New tasks: {{n}}. Please answer.",
  },
  ended: { empty: "No task has ended today.", explain: "Once a task has ended, whom it was about is no longer shown.", failed: "It could not be read.", retry: "Try again", loading: "Reading…", asked: "asked {{time}}", at: "ended {{time}}", words: "Words: {{words}}" },
  notice: {
    withdrawn: "Withdrawn: {{words}}", withdrawn_plain: "Withdrawn: another station has taken it, or the case is closed.", declined: "Somebody else said that nobody can go: {{words}}", finished: "Somebody else said that it is done: {{words}}", failed: "Somebody else said that it is not possible: {{words}}",
    stop: "Nobody needs to go. If you are on the way, ask the call centre first.", gone: "This task is no longer your station's.", own: { declined: "Confirmed: cannot go. The call centre asks somebody else.", finished: "Confirmed: done.", failed: "Confirmed: not possible. The call centre knows." }, dismiss: "Understood", nobody: "Unknown person", at: "{{time}}",
  },
  task: {
    drill: "Drill", since: "asked {{age}}", from_desk: "The call centre says", no_note: "The call centre added no words.", responder: "Taken by {{name}}", said: "Words: {{words}}", unknown: "Unknown person", unbound: "Nobody knows who it is; there is no card. Ask the call centre.", taken_by: "At the desk: {{name}}",
  },
  share: {
    switch: "Show the call centre where I am (only while this task lasts)", explain: "The call centre sees where you are and how far from the person; the family and other staff do not. It stops when the task ends or you switch it off, and the server keeps nothing. Keep this page open meanwhile.",
    on: "Your position is shown.", sent: "Sent {{age}}.", waiting: "Looking for your position; nothing is sent yet.", owed: "This telephone sends nothing any more, but the server has not confirmed it. Trying again.",
    trouble: {
      insecure: "This page was not opened by https, so the browser tells it no position.", unsupported: "This browser cannot tell where it is.", denied: "The browser does not let this page use the position, so nothing is shown. Allow it in the settings of the browser or the telephone, then switch on again.",
      unavailable: "There is no position now; still trying. See whether the telephone's location is on.", timeout: "No position within a minute; still trying.", rough: "The position is too inexact and was not sent; still trying.",
      unreached: "The server did not answer; the position was not sent and is tried again.", refused: "The server did not take the position.", withdrawn: "It was switched off elsewhere; nothing is sent any more.",
    },
  },
  person: {
    title: "Person", age: "{{n}} years", female: "female", male: "male", lives_alone: "lives alone", with_others: "lives with others", cognitive: "cognitive impairment", self_care: "self-care: {{words}}", full: "full", partial: "partial", none: "none",
    conditions: "Conditions", allergies: "Allergies", allergic: "Allergic to: {{words}}", unknown: "none recorded", contacts: "Contacts (ring in this order)", no_contacts: "No contacts recorded", address: "Address", no_address: "No address recorded", telephone: "Telephone", no_telephone: "No telephone of the person recorded", call: "Call", call_person: "Call the person",
    loading: "Reading the card…", failed: "The card could not be read.", retry: "Try again",
  },
  place: {
    title: "Position", none: "No position. Go to the address.", gps: "satellite", aflt: "cell triangulation", wifi: "WiFi", cell: "cell", accuracy: "within about ±{{n}} m", stale: "Old position: this is where the person was then, perhaps not now", from_home: "about {{distance}} from home",
    coordinates: "{{lat}} N, {{lon}} E (WGS-84)", open: "Open on a map: the person", open_home: "Open on a map: the home", home: "Home: {{words}}", datum: "The coordinates are WGS-84. On a map with another datum they are some hundred metres off.", renew: "Renew the position", renewing: "Renewing…", renew_failed: "It was not renewed.", still: "The position does not renew itself.", by_itself: "The position is renewed by itself every few seconds.",
  },
};
