/** English. The same keys as `zh.ts`. */
import type { zh } from "./zh";

export const en: typeof zh = {
  app: { title: "JuJiaLe call desk", language: "中文", queue: "Incident queue", skip: "Skip to the queue" },
  login: {
    title: "JuJiaLe call desk", subtitle: "Log-in for call-centre staff", username: "User name", password: "Password", submit: "Log in",
    bad_credentials: "User name or password is not right.", throttled: "Too many attempts. Try again in {{n}} s.",
    unreached: "The server cannot be reached. Check the network and try again.", refused: "Log-in failed: {{detail}}",
    code_required: "Name and password are right. Now enter the present 6-digit code of your authenticator.", bad_code: "The code is not right, or was used before. Wait for the next one.", shut_out: "This account has been shut out. Ask an administrator.",
    ended: "Your session has ended. Please log in again: what you see and what you have typed is kept. Incidents known here still sound; new ones come only after you log in.",
  },
  age: { seconds: "{{n}} s", minutes: "{{n}} min", hours: "{{n}} h {{minutes}} min", days: "{{n}} d", ago: "{{duration}} ago" },
  severity: { life: "Life", urgent: "Urgent", notice: "Notice", technical: "Technical" },
  state: { raised: "Unclaimed", claimed: "Claimed", dispatched: "Dispatched", on_scene: "On scene", resolved: "Resolved", closed: "Closed" },
  kind: {
    press: "Press", call: "Call", fall: "Fall", wandering: "Wandering", fence_exit: "Left the fence", zone_entry: "Entered a zone", overdue: "Overdue",
    inactivity: "Inactivity", silence: "Handset silent", low_battery: "Low battery", taken_off: "Handset taken off",
  },
  who: { handset: "Handset {{handset}} (bound to nobody)", unknown: "Unknown person" },
  summary: {
    none: "No signal yet", nth: "{{kind}} no. {{n}}", first: "{{kind}}", when: "{{what}}, {{age}}", late: "{{what}} {{pressed}}, {{arrived}}",
    arrived_now: "arrived just now", arrived: "arrived {{age}}", cancelled: "{{kind}}, then cancelled {{age}}: still to be checked",
  },
  remark: {
    late: "Arrived {{duration}} late", clock: "Handset clock is wrong; the time is corrected", id_reused: "Its number was used before, but this is a new press",
    no_fix: "No fix came with it", last_known: "Position is the last one known before", no_position: "There has never been a position", unbound: "The handset is bound to nobody",
    empty: "The message was empty", unreadable: "The message cannot be read; it is kept whole", partly_readable: "Only part of the message can be read; it is kept whole",
    oversized: "The message was too large; its beginning is kept", cancel: "This is a cancel", cancel_before_press: "The cancel came before its press", cancelled_earlier: "A cancel for it had come earlier",
    unsaved: "Not on disk", unjudged: "The handset's own judgement, not checked by the platform", other: "Remark: {{remark}}",
  },
  problem: {
    store_unavailable: "Database unavailable: new presses are marked “not on disk”; check by telephone and write them down", disk_full: "Disk full: positions are not saved for the time being, presses come first",
    wall_clock_stepped: "The server's clock has jumped: times shown may be wrong", no_channel_tested: "No text or voice channel has been tested: escalation may not reach anybody",
    task_died: "A background task has stopped: tell an administrator", bus_unavailable: "The internal message channel is down: updates are slower, nothing is lost", other: "{{code}}: {{detail}}",
  },
  link: { up: "Link up", connecting: "Connecting", down: "Link down", stopped: "Not connected", session_ended: "Session ended" },
  header: { clock: "Server time", desk_clock: "Desk time (server not heard)", shift_since: "On shift since {{time}}", log_out: "Log out", help: "Help ?", new_call: "New call", quarantine: "Quarantine", audit: "Audit" },
  role: { operator: "operator", supervisor: "supervisor", admin: "administrator", station: "station staff", relative: "relative", auditor: "auditor" },
  shift: {
    start: "Start shift", resume: "Resume shift", end: "End shift", not_started: "Shift not started: this page makes no sound.", was_reloaded: "The page was reloaded and has fallen silent.",
    ended: "Shift ended.", explain: "Plays a test tone and asks for notifications and for the screen to stay on.",
    confirm_end: "After the end of your shift this page no longer sounds. End it?", confirm_log_out: "After logging out this page neither sounds nor shows incidents. Log out?", still_holding: "You still hold {{n}} open incident(s).",
  },
  banner: {
    audio_suspended: "Sound is not running: incidents will not be heard. Press “Restore sound”.", audio_stalled: "The sound device does not respond. Check loudspeaker or headset.", restore: "Restore sound",
    link_down: "No link to the server for {{duration}}. What you see may be old. Reconnecting.", link_connecting: "Connecting to the server. The page is not ready yet.", degraded: "Degraded",
    since: "since {{time}}",
  },
  mute: { button: "Mute 60 s", left: "Muted {{n}} s", cancel: "Unmute", nothing: "Nothing sounds now", note: "New incidents still sound" },
  queue: {
    count: "{{n}} open, {{unclaimed}} unclaimed", empty: "No incidents now", empty_hint: "When somebody presses, it shows here and sounds.", waiting: "Waiting {{time}}", unsaved: "Not on disk",
    drill: "Drill", everyone: "Everyone", late: "Late", held_by: "{{name}} has it", mine: "You have it", claiming: "Claiming…",
    answer: "Pressed again: waits for the holder", over: "Unclaimed for more than {{n}} s", columns: "By severity, then oldest first",
  },
  incident: {
    none: "No incident opened", none_hint: "J / K to choose, Enter to open, C to claim. Opening is not claiming.", back: "Back to the queue", loading: "Loading…", failed: "Could not be loaded.", retry: "Try again",
    gone: "There is no such incident.", claim: "Claim", claiming: "Claiming…", mine: "You have claimed it", held: "{{name}} has claimed it", release: "Release", note: "Note",
    close: "Close", answer_by: "Pressed again: answer within {{time}}", answer_over: "Pressed again and not answered in time", answer_overdue: "The holder has not answered; anybody may take over", take_over: "Take over", spoke: "Spoke with the resident", deadline: "Deadline {{time}}", ladder: "Ladder step {{n}}",
    unsaved: "This incident is not on disk yet and cannot be claimed. Check by telephone at once and write it down.", closed: "Closed by {{by}} at {{time}}: {{cause}}, {{outcome}}",
    now_saved: "On disk now: the incident proper is in the queue.", opened: "Opened {{time}}",
  },
  conflict: { holder: "Not done: {{name}} claimed it {{age}}.", unknown: "Not done: the incident has just changed. Look before you act again." },
  outcome: {
    unsaved: "Not done: this incident is not on disk yet.", refused: "Not done: {{detail}}", unreached: "The server did not answer; we do not know whether it was done. Press again: it will not be done twice.", forbidden: "Not done: your role may not do this.",
    released: "Released to the queue.", noted: "Note saved.", closed: "Incident closed.",
  },
  card: {
    title: "Resident", age: "{{n}} years", female: "female", male: "male", lives_alone: "Lives alone", with_others: "Lives with others", cognitive: "Cognitive impairment", self_care: "Self-care", full: "full",
    partial: "partial", none: "none", conditions: "Conditions", allergies: "Allergies", no_conditions: "None on record", no_allergies: "None on record", contacts: "Contacts, in order of ringing",
    address: "Address", telephone: "Resident's telephone", handset: "Handset", call: "Ring", unbound: "The handset is bound to nobody, so there is no card. Find out who it is first.",
    unknown: "The call is about nobody known, so there is no card.", no_contacts: "No contacts on record", birth: "born {{date}}", closed: "The incident is closed; the card is no longer shown.", unknown_value: "None on record", loading: "Loading the card…", failed: "The card could not be loaded.",
  },
  signals: { title: "Signals", pressed: "pressed {{time}}", received: "received {{time}}", caller: "Caller", words: "Words said", cancel: "cancel" },
  timeline: {
    title: "Timeline", empty: "Nothing yet", opened: "Incident opened", signal_joined: "Another signal", claimed: "Claimed by {{by}}", taken_over: "Taken over by {{by}} from {{from}}", released: "Released by {{by}}", noted: "Note by {{by}}",
    closed: "Closed by {{by}}", ladder_stepped: "Escalated to step {{step}}", answer_overdue: "Second press not answered", clock_went_back: "Clock went back, deadlines checked", other: "{{kind}}", system: "system",
    contact: "Contact: {{contact}}", spoke: "Contact",
  },
  position: {
    title: "Position", none: "No position", gps: "satellite", aflt: "cell trilateration", wifi: "WiFi", cell: "cell", accuracy: "±{{n}} m", stale: "Position is stale",
    fresh: "Position is recent", coordinates: "{{lat}} N, {{lon}} E", home: "Home", person: "Resident", schematic: "Schematic map", schematic_note: "Schematic map: do not give directions from it",
    loading: "Loading the map…", from_home: "about {{distance}} from home", metres: "{{n}} m", kilometres: "{{n}} km", map: "Map: {{words}}", failed: "The map cannot be shown; see the words beside it.",
    zoom_in: "Zoom in", zoom_out: "Zoom out", recentre: "Back to the resident",
  },
  track: {
    button: "Track 24 h", loading: "Reading the track…", failed: "The track could not be read.", none: "No fix in the last 24 hours.", words: "{{first}} to {{last}}, {{n}} fixes, about {{distance}}",
    unsure: "Fixes with an error over 300 m are not drawn.", key: "The darker the newer; broken where there was no fix for over 10 minutes.",
  },
  note: { title: "Note", text: "Text", contact: "Whom did you reach", no_contact: "Nobody", resident: "The resident", witness: "A witness", "120": "120", "110": "110", submit: "Save note", placeholder: "e.g. spoke with the resident, fell at the front door" },
  release: { title: "Release", reason: "Reason", submit: "Release", explain: "The incident sounds again and somebody else claims it." },
  close: { title: "Close incident", cause: "Cause", outcome: "Outcome", note: "Note", submit: "Close incident", missing: "Choose a cause and an outcome.", codes_failed: "The codes could not be loaded, so closing is not possible yet." },
  call: {
    title: "New call", explain: "Opens an incident for a telephone call.", search: "Find a resident by name", none_found: "Nobody found", searching: "Searching…",
    chosen: "Chosen: {{name}}", change: "Change", caller: "Caller (name, telephone, relation)", words: "Words said", submit: "Open incident", type_more: "Type a name; leave it empty if nobody knows who it is.",
    search_failed: "The search failed; you can open it for an unknown person.", placeholder: "e.g. neighbour says nobody opens the door",
  },
  help: {
    title: "Keys and habits", next: "Next row / previous row", open: "Open the selected incident (not a claim)", claim: "Claim", mute: "Mute for 60 s; new incidents still sound", help: "Open or close this help", back: "Back, close",
    severity: "Severity", ages: "Unclaimed rows turn yellow after 30 s and red after 60 s.", stale: "A position older than 10 min is a hollow grey circle.", enter: "Enter", single_keys: "Use single-key shortcuts",
  },
  notification: { title: "{{severity}}: {{who}}" },
  quarantine: { title: "Quarantine", explain: "Messages the system could not understand are kept here whole; none was thrown away.", empty: "The quarantine is empty.", size: "Bytes", payload: "Payload", failed: "Could not be loaded.", more: "More" },
  audit: {
    title: "Audit log", explain: "Who did what and looked at whom, and when. Each search is on record too. A search by resident includes their incidents and the handsets they carried at that time.", search: "Search", empty: "Nothing fits.", failed: "Could not be loaded.",
    at: "Time", resident: "Resident id", username: "Account", action: "Action", subject: "Of", detail: "Detail", source: "From",
    hint: { resident: "r-0001", username: "operator", action: "read_resident", subject: "r-0001" },
    actions: {
      log_in: "logged in", log_in_failed: "log-in refused", log_out: "logged out", list_incidents: "listed incidents", read_incident: "read an incident", read_incident_events: "read an incident's events", open_call: "entered a call", claim: "claimed", release: "released", note: "noted", close: "closed",
      list_residents: "looked for residents", read_resident: "read a resident's card", read_track: "read a track", locate_handset: "asked a handset where it is", read_quarantine: "read the quarantine", read_audit: "searched this log", live_begun: "opened a live screen", live_ended: "closed a live screen",
      join: "joined by an invitation", change_password: "changed the password", add_second_factor: "added a second factor", remove_second_factor: "took the second factor off", list_sessions: "listed sessions", end_session: "ended a session", lock_screen: "locked the screen", unlock_screen: "unlocked the screen",
    },
  },
  account: {
    title: "My account", who: "{{name}} ({{username}}), {{role}}", password: "Password", old: "Present password", new: "New password", again: "New password once more", show: "Show password", change: "Change password",
    rules: "At least {{n}} characters; some words in a row are easy to keep. Not your user name in it.", changed: "The password is changed. All other sessions of this account have ended.", code: "Code", code_if_any: "if the account has one",
    must: { title: "Change your password first", explain: "{{name}}, somebody else chose your present password. Choose one that only you know to go on." },
    fault: { short: "The new password is too short: at least 12 characters.", few_signs: "The new password is too simple: at least 5 different characters.", has_name: "The new password must not hold your user name.", differs: "The two new passwords are not the same." },
    refusal: {
      unreached: "The server did not answer. Check the network and try again.", bad_credentials: "The password is not right.", bad_code: "The code is not right, or was used before. Check the telephone's clock and wait for the next one.",
      has_second_factor: "This account has a code already.", name_taken: "Somebody has this user name. Take another one.", invitation_void: "The invitation is void.", locked: "The screen is locked.", other: "It was not done: {{detail}}",
    },
    factor: {
      title: "Code at log-in", is_on: "On: beside the password a code from your telephone is asked for at log-in.", is_off: "Off. With it, knowing your password is not enough to log in.", set_up: "Set up a code", picture: "QR code for an authenticator",
      scan: "Scan the picture with the authenticator on your telephone.", or_type: "If it cannot scan, type this secret:", then_code: "Enter the 6 digits that it shows.", confirm: "Confirm", password: "Password (asked for again to take the code off)", remove: "Take the code off",
    },
    sessions: {
      title: "Where you are logged in", this: "this one", locked: "locked", since: "since {{time}}, from {{source}}", end: "End it", unknown: "Unknown program", failed: "Could not be loaded.",
      confirm: "End this session?", confirm_what: "{{browser}}, from {{source}}. Its screen closes at once.",
    },
  },
  join: {
    title: "Join JuJiaLe", as_staff: "{{name}}, you are invited as {{role}}.", as_relative: "{{name}}, you are invited as {{relation}} ({{role}}).", password_for: "{{name}}, choose a new password for the account {{username}}.",
    until: "The invitation holds until {{time}}, for once.", username: "Choose a user name", username_rules: "Letters, digits, dots and dashes. You log in with it.", submit: "Join and log in", submit_password: "Set password and log in",
    void: "This invitation is void: it was used, taken back, or is too old.", void_ask: "Ask whoever sent you the link for a new one.", log_in: "I have an account: log in",
  },
  lock: {
    title: "Screen locked", explain: "{{name}}'s desk. Names and positions are hidden; on duty the alarm goes on.", open: "{{n}} incidents", unclaimed: "{{n}} unclaimed", longest: "The longest has waited {{time}}", password: "Your password",
    unlock: "Unlock", by_supervisor: "A supervisor unlocks", by_myself: "Unlock with my own password", supervisor: "Supervisor's user name", supervisor_password: "Supervisor's password", no_supervisor: "User name, password or code is not right, or this account may not unlock.",
    button: "Lock", hint: "Hides names and positions; the alarm goes on", failed: "The screen is not locked", veiled: "Name hidden",
  },
  manage: {
    failed: "Could not be loaded.", renew: "Refresh",
    menu: { button: "Manage", consents: "Consents and family", looks: "Review of looks", users: "Accounts", handsets: "Handsets", waiting: "{{n}} wait for review" },
    refusal: {
      reviewed: "Not done: somebody else has just reviewed it. See the list anew.", not_in_use: "Not done: the handset is not in use. Take it into use first.", not_found: "Not done: it is not there any more. Somebody may just have changed it.",
      store_unavailable: "Not done: the records cannot be written now. See whether it was taken before you try again.",
    },
    search: { hint: "Type a resident's name. Each search goes on record.", failed: "The search failed. Try again." },
    once: {
      picture: "QR code", copy: "Copy", copied: "Copied.", not_copied: "It was not copied. Select it and copy it by hand.", until: "Valid until {{time}}, for once.", warning: "It is shown this once. After it is closed nobody can see it again.", done: "Handed over, put away",
    },
    family: {
      title: "Family", none: "Nobody of the family may see.", own: "you", since: "may see since {{time}}", withhold: "Withhold", give_back: "Give back", end: "End sight", no_more: "{{username}} (sees nothing any more)",
      kept: { this: "this incident", all: "all incidents and the position", one: "one incident" }, withheld: "Withheld from {{name}}: {{what}}", withheld_why: "Because: {{reason}} ({{by}}, {{time}})",
      scope: "What is withheld", reason: "Reason (for staff alone)", withhold_explain: "{{name}} will not see the incident, nor the position while it is open, and is not told so.",
      ask_give_back: "Give back {{name}}'s sight?", ask_give_back_what: "{{name}} will at once see: {{what}}. It was withheld because: {{reason}}", ask_end: "End {{name}}'s sight?", ask_end_what: "{{name}} ({{relation}}) will at once see nothing of {{resident}}. To see again they must be invited again.",
    },
    consents: {
      title: "Consents and family", explain: "What the resident or guardian agreed to, and who of the family may see because of it.", list: "Consents", none: "No consent has been entered.", add: "Enter a consent", save: "Enter", stands: "stands", withdrawn: "withdrawn {{time}}", withdraw: "Withdraw",
      given: "given {{time}}", by: "{{giver}} ({{as}}), {{channel}}", recorded: "Text {{version}}, entered by {{by}} {{time}}", purpose: "Purpose", given_by: "Who agreed", giver: "Name of who agreed", channel: "How",
      data: "Which data, in the words that were read to them", data_hint: "e.g. incidents, how they were handled, the position then and the track", version: "Version of the text", version_hint: "e.g. Family consent form 2026-11", given_at: "When (Beijing time; now, if left empty)", missing: "Choose who agreed and how, and fill in the rest.",
      purposes: { family: "The family may see", tracking: "Positions are kept" }, givers: { resident: "resident", guardian: "guardian" }, channels: { paper: "on paper", in_person: "in person", telephone: "by telephone" },
      ask_withdraw: "Withdraw {{giver}}'s consent?", named: "{{name}} ({{relation}})", loses: "These relatives will at once see nothing of the resident: {{names}}.", may_lose: "These may see on this consent too, and would lose it: {{names}}.", loses_nobody: "No relative sees on this consent now.",
      voids: "Invitations that become void: {{names}}.", loses_track: "From then on no track of this resident is kept; a press still brings its position.",
    },
    invite: {
      relative: "Invite a relative", relative_explain: "Invites a relative to see {{resident}}, on this consent. With the link they make their own account, and see from that moment on.", name: "Name", relation: "What they are to {{resident}}", relation_hint: "e.g. daughter",
      make: "Make the link", link: "Invitation link", link_for: "Invitation for {{name}}", password_for: "New password for {{name}} ({{username}})", hand_over: "Let the person scan it, or send the link to them alone. Whoever has the link can use it.",
      pending: "Invitations not used yet", none: "No invitation waits to be used.", until: "until {{time}}, by {{by}}", withdraw: "Take back", for_password: "new password of {{username}}", ask_withdraw: "Take back {{name}}'s invitation?", ask_withdraw_what: "The link is void at once.",
    },
    looks: {
      title: "Review of looks", explain: "Looking at a resident without an open incident needs a reason. Say of each whether it holds; the first review stands.", which: "Shown", waiting: "waiting", all: "all", none_waiting: "No look waits for a review.", none_all: "No look has needed a reason.",
      actions: { read_resident: "read the card of", read_track: "read the track of", list_relatives: "read the family of" }, reason: "Reason: {{reason}}", justified: "Justified", questioned: "Questioned", question: "Question it", note: "What is questioned",
      own: "This look is your own; another supervisor reviews it.", own_waiting: "{{n}} of your own wait for another supervisor.", verdict: { justified: "justified", questioned: "questioned" }, reviewed: "{{by}}, {{time}}", done: { justified: "Found justified: {{username}}, {{resident}}.", questioned: "Questioned: {{username}}, {{resident}}." },
    },
    users: {
      title: "Accounts", list: "All accounts", invite: "Invite staff", role: "Role", relatives_elsewhere: "Relatives are invited under “Consents and family”, on a resident's consent.", out: "shut out since {{time}}", second_factor: "code at log-in", must_change: "must change password",
      new_password: "New password", shut_out: "Shut out", let_in: "Let in again", own: "This is your own account; another administrator shuts it out.", end_all: "End all sessions", sessions: "Where the account is logged in", nowhere: "Logged in nowhere.",
      ask_out: "Shut {{name}} out?", ask_out_what: "{{name}} is logged out everywhere at once and cannot log in. All records stay; the account can be let in again.", ask_end_all: "End all sessions of {{username}}?", ask_end_all_what: "Their screens close at once; a desk on duty sounds no more.",
      done: { out: "{{name}} is shut out.", let_in: "{{name}} may log in again.", end_all: "All sessions of {{username}} have ended." },
    },
    handsets: {
      title: "Handsets", add: "Add a handset", add_explain: "Give the handset an id and let it scan its claim code: it then has a secret of its own. An id that is there already gets a new secret.", id: "Handset id", id_rules: "letters, digits and . _ - :", make_code: "Make a claim code", search: "Part of an id, or of who carries it", none: "No handset fits.",
      nobody: "carried by nobody", online: "online", offline: "offline", claimable: "claim code until {{time}}", states: { active: "in use", retired: "retired", stolen: "stolen" }, code: "Claim code", code_for: "Claim code of {{handset}}",
      code_explain: "Let the handset scan it. It then gets a new secret, and the old one is void.", history: "Who carried it", never: "Nobody has carried it.", since: "since {{from}}", from_to: "{{from}} to {{to}}", bind_to: "Bind to {{name}}", instead: "{{before}} carries it no more; {{name}} does.",
      has_another: "{{name}} also carries {{handset}}; both count as theirs.", carried: "{{name}} carries it now. ",
      acts: { bind: "Bind", rebind: "Bind to another", unbind: "Unbind", claim: "New secret", active: "Take into use", retired: "Retire", stolen: "Report stolen" },
      ask: {
        unbind: "Unbind {{id}}?", unbind_what: "Its presses will be about nobody known; operators see the handset's id alone.", retired: "Retire {{id}}?", retired_what: "It is unbound. A press of it still arrives, but about nobody known.",
        stolen: "Report {{id}} stolen?", stolen_what: "It is cut off at once: nothing it sends arrives any more, presses included, and it is unbound. The resident needs another one soon.",
      },
      done: { bind: "{{id}} is bound to {{name}}.", unbind: "{{id}} is bound to nobody.", retired: "{{id}} is retired.", stolen: "{{id}} is reported stolen and cut off.", active: "{{id}} is in use again. If it was lost, give it a new secret before you bind it." },
    },
  },
  recent: { title: "Recently closed", empty: "Nothing closed yet" },
  common: { cancel: "Cancel", ok: "OK", required: "required" },
};
