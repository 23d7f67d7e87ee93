/** English. The same keys as `zh.ts`. */
import { enAccount } from "../../src/i18n/enAccount";
import { enIncident, enMap, enShared } from "../../src/i18n/enShared";
import { enSaid } from "../../src/i18n/enSaid";
import { enAsked } from "./enAsked";
import { enCase } from "./enCase";
import { enDispatch } from "./enDispatch";
import { enDuty } from "./enDuty";
import { enFences } from "./enFences";
import { enPhones } from "./enPhones";
import { enReach } from "./enReach";
import { enReports } from "./enReports";
import { enWatch } from "./enWatch";
import type { zh } from "./zh";

export const en: typeof zh = {
  ...enShared,
  ...enIncident,
  ...enDispatch,
  ...enCase,
  ...enWatch,
  ...enFences,
  ...enReach,
  ...enReports,
  ...enSaid,
  ...enAsked,
  ...enDuty,
  ...enPhones,
  map: enMap,
  app: { title: "JuJiaLe call desk", language: "中文", queue: "Incident queue", skip: "Skip to the queue" },
  login: {
    ...enShared.login, title: "JuJiaLe call desk", subtitle: "Log-in for call-centre staff",
    ended: "Your session has ended. Please log in again. Names and places are off the screen and come back then; the words of a call half entered are kept, whom it is about is chosen anew. Incidents known here still sound; new ones come only after you log in.",
  },
  state: { raised: "Unclaimed", claimed: "Claimed", dispatched: "Dispatched", on_scene: "On scene", resolved: "Resolved", closed: "Closed" },
  who: { handset: "Handset {{handset}} (bound to nobody)", unknown: "Unknown person", closed: "Closed (name not shown)" },
  remark: {
    late: "Arrived {{duration}} late", clock: "Handset clock is wrong; the time is corrected", id_reused: "Its number was used before, but this is a new call for help",
    no_fix: "No fix came with it", last_known: "Position is the last one known before", no_position: "There has never been a position", unbound: "The handset is bound to nobody",
    empty: "The message was empty", unreadable: "The message cannot be read; it is kept whole", partly_readable: "Only part of the message can be read; it is kept whole",
    oversized: "The message was too large; its beginning is kept", cancel: "This is a cancel", cancel_before_press: "The cancel came before its press", cancelled_earlier: "A cancel for it had come earlier",
    unsaved: "Not on disk", unjudged: "The handset's own judgement, not checked by the platform", unknown_caller: "The caller's number is not known", shared_number: "Several residents share this number: ask who it is", other: "Remark: {{remark}}",
  },
  problem: {
    store_unavailable: "Database unavailable: new presses are marked “not on disk”; check by telephone and write them down", disk_full: "Disk full: positions are not saved for the time being, presses come first",
    wall_clock_stepped: "The server's clock has jumped: times shown may be wrong", no_channel_tested: "Neither text messages nor calls have passed a test: when nobody claims, nobody is told",
    step_not_tested: "A step of the ladder goes a way that is not set up or has passed no test: it may reach nobody", receiver_gone: "A receiver of webhooks answered that it wants no more (410) and is sent nothing until the next start: check the settings", row_unreadable: "Some records cannot be read and are passed over, the others go on: tell an administrator",
    task_died: "A background task has stopped: tell an administrator", bus_away: "The internal message channel (Redis) is down: updates are slower, nothing is lost", bus_slow: "The internal message channel (Redis) answers late: updates are slower, nothing is lost",
    roster_gaps: "At some hours nobody on the roster can be reached: an incident that nobody claims then reaches nobody", ladder_refused: "The ladder that was saved has mistakes and does not run: the last good one does, or the built-in one", rules_refused: "The file of watching rules has mistakes and is not used: the last good one is, or the built-in rules; presses are not touched by it", bus_clock_differs: "The servers' clocks differ: an administrator must set them", watch_behind: "Fences and wandering are judged late; presses are not touched by it",
    certificate_unusable: "The new certificate cannot be used, the old one serves on: tell an administrator", certificate_ending: "The certificate ends soon: tell an administrator", fixes_unreadable: "Some positions could not be read and were set aside: tell an administrator", audit_broken: "The audit log is not as it was sealed; somebody may have changed it: tell an administrator at once, and keep a copy of the data folder first", terms_not_kept: "Records whose term is over could not all be removed: tell an administrator", removals_held: "The server's clock is more than seven days after it last ran; nothing old is removed yet: check the clock", other: "{{code}}: {{detail}}",
  },
  header: { clock: "Server time", desk_clock: "Desk time (server not heard)", shift_since: "On shift since {{time}}", log_out: "Log out", help: "Help ?", new_call: "New call", quarantine: "Quarantine", audit: "Audit" },
  role: { operator: "operator", supervisor: "supervisor", admin: "administrator", station: "station staff", relative: "relative", auditor: "auditor", service: "another program" },
  shift: {
    start: "Start shift", resume: "Resume shift", end: "End shift", not_started: "Shift not started: this page makes no sound.", was_reloaded: "The page was reloaded and has fallen silent.",
    ended: "Shift ended.", explain: "Plays a test tone and asks for notifications and for the screen to stay on.",
    confirm_end: "After the end of your shift this page no longer sounds. End it?", confirm_log_out: "After logging out this page neither sounds nor shows incidents. Log out?", still_holding: "You still hold {{n}} open incident(s).",
  },
  banner: {
    audio_suspended: "Sound is not running: incidents will not be heard. Press “Restore sound”.", audio_stalled: "The sound device does not respond. Check loudspeaker or headset.", restore: "Restore sound",
    down: "No link to the server for {{duration}}. What you see may be old. Reconnecting.", connecting: "Connecting to the server. The page is not ready yet.", degraded: "Degraded",
    since: "since {{time}}",
  },
  mute: { button: "Mute 60 s", left: "Muted {{n}} s", cancel: "Unmute", nothing: "Nothing sounds now", note: "New incidents still sound" },
  queue: {
    count: "{{n}} open, {{unclaimed}} unclaimed", empty: "No incidents now", empty_hint: "When somebody presses, it shows here and sounds.", waiting: "Waiting {{time}}", unsaved: "Not on disk",
    drill: "Drill", everyone: "Everyone", late: "Late", held_by: "{{name}} has it", mine: "You have it", claiming: "Claiming…",
    answer: "Pressed again: waits for the holder", over: "Unclaimed for more than {{n}} s", columns: "By severity, then oldest first",
  },
  incident: {
    none: "No incident opened", none_hint: "J / K to choose, Enter to open, C to claim, D to send a station. Opening is not claiming.", back: "Back to the queue", loading: "Loading…", failed: "Could not be loaded.", retry: "Try again",
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
    address: "Address", division: "Division", telephone: "Resident's telephone", handset: "Handset", call: "Ring", unbound: "The handset is bound to nobody, so there is no card. Find out who it is first.",
    unknown: "The call is about nobody known, so there is no card.", no_contacts: "No contacts on record", birth: "born {{date}}", closed: "The incident is closed; the card is no longer shown.", unknown_value: "None on record", loading: "Loading the card…", failed: "The card could not be loaded.",
  },
  signals: { title: "Signals", pressed: "pressed {{time}}", received: "received {{time}}", caller: "Caller", show_number: "Show the number", number_failed: "The number could not be read; try again.", words: "Words said", cancel: "cancel" },
  timeline: {
    title: "Timeline", empty: "Nothing yet", opened: "Incident opened", signal_joined: "Another signal", claimed: "Claimed by {{by}}", taken_over: "Taken over by {{by}} from {{from}}", released: "Released by {{by}}", noted: "Note by {{by}}",
    closed: "Closed by {{by}}", ladder_stepped: "Escalated to step {{step}}", answer_overdue: "Second press not answered", clock_went_back: "Clock went back, deadlines checked", other: "{{kind}}", system: "system",
    contact: "Contact: {{contact}}", spoke: "Contact", dispatched: "Stations sent by {{by}}", task_moved: "{{station}}: {{state}}", task_moved_by: "{{station}}: {{state}} ({{by}})", task_overdue: "{{station}}: no word in time", some_station: "Station",
    transferred: "Transferred by {{by}} to {{to}}", handed_over: "Handed over to {{to}} by {{by}}", identified: "Identified by {{by}}", resolved: "Need is over, says {{by}}", reopened: "Reopened by {{by}}",
    confirmed: "Seen by {{by}}", step_marked: "{{by}} marked a step", answered: "Family, {{by}}", returned: "Back within the fence", holder_lost: "Operator lost", holder_back: "{{by}} is back", task_undone: "{{station}}: took a step back to “{{state}}”", said_on_scene: "{{station}}",
    merged_from: "{{by}} put another one into this", merged_into: "{{by}} put this into another one", split_off: "{{by}} took signals out", open_other: "Open that one",
  },
  position: {
    title: "Position", none: "No position", gps: "satellite", aflt: "cell trilateration", wifi: "WiFi", cell: "cell", accuracy: "±{{n}} m", stale: "Position is stale",
    fresh: "Position is recent", coordinates: "{{lat}} N, {{lon}} E", from_home: "about {{distance}} from home",
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
    title: "Keys and habits", next: "Next row / previous row", open: "Open the selected incident (not a claim)", claim: "Claim", dispatch: "Send a station (once you have claimed it)", mute: "Mute for 60 s; new incidents still sound", help: "Open or close this help", back: "Back, close",
    severity: "Severity", ages: "Unclaimed rows turn yellow after 30 s and red after 60 s.", stale: "A position older than 10 min is a hollow grey circle.", enter: "Enter", single_keys: "Use single-key shortcuts",
  },
  notification: { title: "{{severity}}: {{who}}" },
  quarantine: { title: "Quarantine", explain: "Messages the system could not understand are kept here whole; none was thrown away. Digits, which may be places, are hidden at first.", why: "What are the digits needed for? It goes on record, and a supervisor reviews it.", whole: "Show the digits", empty: "The quarantine is empty.", size: "Bytes", payload: "Payload", failed: "Could not be loaded.", more: "More" },
  audit: {
    title: "Audit log", explain: "Who did what and looked at whom, and when. Each search is on record too. A search by resident includes their incidents and the handsets they carried at that time.", search: "Search", empty: "Nothing fits.", failed: "Could not be loaded.",
    at: "Time", resident: "Resident id", username: "Account", action: "Action", subject: "Of", detail: "Detail", source: "From", from: "From day", to: "To day (with it)", no_day: "There is no such day; e.g. 2026-11-23.",
    hint: { resident: "r-0001", username: "operator", action: "read_resident", subject: "r-0001" },
    actions: {
      log_in: "logged in", log_in_failed: "log-in refused", log_out: "logged out", list_incidents: "listed incidents", read_incident: "read an incident", read_incident_events: "read an incident's events", open_call: "entered a call", claim: "claimed", release: "released", note: "noted", close: "closed",
      list_residents: "looked for residents", read_resident: "read a resident's card", read_track: "read a track", locate_handset: "asked a handset where it is", read_quarantine: "read the quarantine", read_audit: "searched this log", live_begun: "opened a live screen", live_shown: "was shown on a live screen", live_ended: "closed a live screen",
      join: "joined by an invitation", change_password: "changed the password", add_second_factor: "added a second factor", remove_second_factor: "took the second factor off", list_sessions: "listed sessions", end_session: "ended a session", lock_screen: "locked the screen", unlock_screen: "unlocked the screen",
      add_consent: "entered a consent", withdraw_consent: "withdrew a consent", list_consents: "read consents", list_relatives: "read the family", end_grant: "ended a relative's sight", withhold: "kept from a relative", end_withholding: "gave back to a relative", invite: "invited", withdraw_invitation: "took an invitation back",
      list_looks: "read looks", review_look: "reviewed a look", list_users: "read accounts", shut_out_user: "shut an account out", let_in_user: "let an account in", end_sessions: "ended an account's sessions", list_handsets: "read handsets", list_bindings: "read who carried a handset", list_carried: "read which handsets a resident carried", offer_claim: "gave a claim code",
      provision: "fetched a secret", bind_handset: "bound a handset", unbind_handset: "unbound a handset", set_handset_state: "set a handset's state", set_heartbeat: "said how often a handset is heard", list_phones: "read a handset's telephones", bind_phone: "bound a telephone", unbind_phone: "unbound a telephone", export_resident: "exported a resident's data", erase_resident: "erased a resident", make_nameless: "took a person out of an incident", remove_audit: "removed old audit rows",
      list_candidates: "read the stations that could go", dispatch: "sent stations", transfer: "transferred", hand_over: "handed over to 120 / 110 / 119", identify: "said who it is", resolve: "said that the need is over", reopen: "reopened", list_tasks: "read stations' tasks", acknowledge_task: "took a task", decline_task: "declined a task", task_en_route: "task: on the way",
      task_on_scene: "task: on scene", finish_task: "task: done", fail_task: "task: failed", withdraw_task: "took a task back", put_station: "entered or corrected a station", list_fences: "looked at fences", add_fence: "drew a fence", change_fence: "changed a fence", end_fence: "removed a fence", read_policy: "looked at how somebody is watched", put_policy: "changed how somebody is watched", read_habits: "looked at what was learned", list_falls: "looked at falls", forget_habits: "had what was learned forgotten", add_zone: "drew a zone", change_zone: "changed a zone", end_zone: "removed a zone", confirm: "Signal seen", mark_step: "Step marked", answer: "Family answered", merge: "Merge", split: "Split", undo_task: "Task: step taken back", nobody_opens: "Task: nobody opens", ambulance_needed: "Task: 120 needed", help_needed: "Task: staff need help", still_at_it: "Task: still on the way, or at it",
      list_drills_due: "Drills due", open_drill: "Drill window opened", end_drill: "Drill window ended", list_technical: "Technical list", save_ladder: "Ladder saved", announce_call: "Call announced", set_station: "set where an account works",
      list_absences: "listed absences", enter_absence: "entered an absence", end_absence: "ended an absence early", list_commands: "listed commands to a handset", interval_handset: "set a handset's interval", call_handset: "let a handset call", ring_handset: "let a handset ring", say_handset: "let a handset speak", list_notices: "listed notices", print_incident: "printed an incident's file", print_handover: "printed a handover page", read_report: "read a report", review_late: "reviewed a late answer", put_on_roster: "put somebody on the roster", take_off_roster: "took somebody off the roster", test_channel: "tested a channel", link_task: "sent a task's link", read_linked_task: "looked at a task by its link", add_account: "made an account", remove_tracks: "removed tracks whose term was over",
      add_resident: "entered a resident", change_resident: "put a resident's record right", set_scope: "set an account's area", password_refused: "gave a wrong password", unlock_refused: "was refused an unlocking", code_refused: "gave a wrong code", look_refused: "was refused a look", access_refused: "was refused what is not theirs", many_looks: "looked at very many within the hour", list_invitations: "read invitations", read_roster: "read the roster", list_drill_windows: "read drill windows", put_position: "let the desk see where they are", erase_begun: "began to erase a resident", back_up: "made a backup", record_day: "recorded a day of positions", rotate_keys: "made another key", retire_keys: "took older keys out of use", rules_live: "let other watch rules go live",
    },
  },
  account: {
    ...enShared.account, ...enAccount, who: "{{name}} ({{username}}), {{role}}",
    must: { title: "Change your password first", explain: "{{name}}, somebody else chose your present password. Choose one that only you know to go on." },
    must_add: { title: "Set up a code first", explain: "{{name}}, an account of this role ({{role}}) sees private matters of old people, and a password alone does not guard them: set up a code on your telephone to go on." },
  },
  join: {
    title: "Join JuJiaLe", as_staff: "{{name}}, you are invited as {{role}}.", as_relative: "{{name}}, you are invited as {{relation}} ({{role}}).", password_for: "{{name}}, choose a new password for the account {{username}}.",
    until: "The invitation holds until {{time}}, for once.", username: "Choose a user name", username_rules: "Letters, digits, dots and dashes. You log in with it.", submit: "Join and log in", submit_password: "Set password and log in",
    own_account: "I have an account already", own_account_what: "Log in with the account you have as a relative; then you see this person too.",
    void: "This invitation is void: it was used, taken back, or is too old.", void_ask: "Ask whoever sent you the link for a new one.", log_in: "I have an account: log in",
  },
  lock: {
    title: "Screen locked", explain: "{{name}}'s desk. Names and positions are hidden; on duty the alarm goes on.", open: "{{n}} incidents", unclaimed: "{{n}} unclaimed", longest: "The longest has waited {{time}}", password: "Your password",
    unlock: "Unlock", by_supervisor: "A supervisor unlocks", by_myself: "Unlock with my own password", supervisor: "Supervisor's user name", supervisor_password: "Supervisor's password", no_supervisor: "User name, password or code is not right, or this account may not unlock.", owes: "This supervisor's account is to take a password of its own or a second factor first, before it unlocks others.",
    button: "Lock", hint: "Hides names and positions; the alarm goes on", failed: "The screen is not locked", veiled: "Name hidden",
  },
  manage: {
    failed: "Could not be loaded.", renew: "Refresh",
    menu: { button: "Manage", consents: "Consents and family", looks: "Review of looks", residents: "Residents' records", users: "Accounts", handsets: "Handsets", waiting: "{{n}} wait for review" },
    refusal: {
      reviewed: "Not done: somebody else has just reviewed it. See the list anew.", not_in_use: "Not done: the handset is not in use. Take it into use first.", phone_taken: "Not done: another handset has a telephone of this name. Choose another, or unbind it there first.", phone_changed: "Not done: somebody else has just bound this telephone. See the list anew, and bind it again if it must be.", not_found: "Not done: it is not there any more. Somebody may just have changed it.",
      store_unavailable: "Not done: the records cannot be written now. See whether it was taken before you try again.",
    },
    leave: { ask: "Leave what you typed?", what: "What you typed is not saved.", do: "Leave it" },
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
      shares_title: "What the relative may see", shares: { news: "incidents and how they are handled", position: "where they are", track: "where they were" }, sees: "The relative may see: {{what}}",
      data: "Which data, in the words that were read to them", data_hint: "e.g. incidents, how they were handled, the position then and the track", version: "Version of the text", version_hint: "e.g. Family consent form 2026-11", given_at: "When (Beijing time; now, if left empty)", missing: "Choose who agreed and how, and fill in the rest.",
      purposes: { family: "The family may see", tracking: "Positions are kept" }, givers: { resident: "resident", guardian: "guardian" }, channels: { paper: "on paper", in_person: "in person", telephone: "by telephone" },
      ask_withdraw: "Withdraw {{giver}}'s consent?", named: "{{name}} ({{relation}})", loses: "These relatives will at once see nothing of the resident: {{names}}.", loses_nobody: "No relative sees on this consent now.",
      voids: "Invitations that become void: {{names}}.", loses_track: "From then on no track of this resident is kept; a press still brings its position.",
    },
    invite: {
      relative: "Invite a relative", relative_explain: "Invites a relative to see {{resident}}, on this consent. With the link they make their own account, and see from that moment on.", name: "Name", relation: "What they are to {{resident}}", relation_hint: "e.g. daughter",
      make: "Make the link", link: "Invitation link", link_for: "Invitation for {{name}}", password_for: "New password for {{name}} ({{username}})", hand_over: "Let the person scan it, or send the link to them alone. Whoever has the link can use it.",
      pending: "Invitations not used yet", none: "No invitation waits to be used.", until: "until {{time}}, by {{by}}", withdraw: "Take back", for_password: "new password of {{username}}", ask_withdraw: "Take back {{name}}'s invitation?", ask_withdraw_what: "The link is void at once.",
    },
    looks: {
      title: "Review of looks", explain: "Looking at a resident without an open incident, or at a closed incident one had no part in, needs a reason; calls by hand for which nobody was sent stand here too, and who looked at the records of more than 60 residents within an hour. Say of each whether it holds; the first review stands.", which: "Shown", waiting: "waiting", all: "all", none_waiting: "No look waits for a review.", none_all: "No look has needed a reason.",
      actions: { read_incident: "opened a closed incident of", open_call: "entered a call, closed without sending anybody, about", read_quarantine: "read the quarantined messages of", reopen: "reopened a closed incident of", identify: "named somebody else in an incident of", split: "split an incident, naming", read_resident: "read the card of", read_track: "read the track of", list_relatives: "read the family of", list_fences: "read the fences of", read_policy: "read the policy of", read_habits: "read the habits of", list_falls: "read the falls of", many_looks: "looked at very many records, the last of them of" }, many: "Looked at the records of more than 60 residents within the hour: ask what for.", reason: "Reason: {{reason}}", justified: "Justified", questioned: "Questioned", question: "Question it", note: "What is questioned",
      own: "This look is your own; another supervisor reviews it.", own_waiting: "{{n}} of your own wait for another supervisor.", verdict: { justified: "justified", questioned: "questioned" }, reviewed: "{{by}}, {{time}}", done: { justified: "Found justified: {{username}}, {{resident}}.", questioned: "Questioned: {{username}}, {{resident}}." },
    },
    users: {
      title: "Accounts", list: "All accounts", invite: "Invite staff", role: "Role", relatives_elsewhere: "Relatives are invited under “Consents and family”, on a resident's consent.", out: "shut out since {{time}}", second_factor: "code at log-in", must_change: "must change password",
      new_password: "New password", shut_out: "Shut out", let_in: "Let in again", own: "This is your own account; another administrator shuts it out or sets its area.", end_all: "End all sessions", sessions: "Where the account is logged in", nowhere: "Logged in nowhere.",
      ask_out: "Shut {{name}} out?", ask_out_what: "{{name}} is logged out everywhere at once and cannot log in. All records stay; the account can be let in again.", ask_end_all: "End all sessions of {{username}}?", ask_end_all_what: "Their screens close at once; a desk on duty sounds no more.",
      scope: "Area", scope_is: "Area: {{scope}}", scope_all: "everywhere", scope_one: "one division", scope_empty: "everywhere, if left empty", scope_save: "Set", beyond: "This account is for more than your area, {{scope}}; another administrator keeps it.", scope_explain: "Only residents who live in the area can be looked up and kept. Open incidents are not restricted: whoever is on duty sees them all.",
      done: { scope: "{{name}}'s area is now: {{scope}}.", out: "{{name}} is shut out.", let_in: "{{name}} may log in again.", end_all: "All sessions of {{username}} have ended." },
    },
    division: { code: "Code of the division", rules: "Code of the division: 6 digits for a district, 9 for a street or township, 12 for a community or village.", is: "This one is a {{level}}.", district: "district", township: "street or township", community: "community or village" },
    residents: {
      title: "Residents' records", search: "Part of a name, resident id or handset id, or a whole telephone number", search_hint: "Each search goes on record. Look only for whom you have to.", none: "Nobody fits “{{q}}”.", no_handset: "no handset", carries: "handset {{handset}}", add: "Enter a resident", add_another: "Enter another one",
      open: "Open {{name}}'s record", open_explain: "A record is opened for a reason. It goes on record, and a supervisor reviews it.", open_it: "Open the record", reason: "Reason", reasons: { correct: "to put the record right", check: "to check the record", other: "another one" }, reason_words: "The reason", back: "Back to the search",
      record_of: "{{name}}'s record", masked: "Of telephones the last four digits are shown; identity number, address and the place of the home are not.", unbound: "No handset yet: only once one is bound does a press say who it is.", bind: "Bind a handset", to_handset: "The handset", correct: "Put right", correct_whose: "Put {{name}}'s record right",
      save: "Save", save_new: "Enter", wrong: "Not saved: {{n}} to be put right, see the red words.",
      done: { added: "Entered: {{name}}, id {{id}}.", changed: "Saved: {{name}}'s record is put right." },
      parts: { person: "The person", home: "The home", sealed: "Identity number, telephone and address", contacts: "Contacts, in order of ringing" },
      fields: {
        id: "Resident id", name: "Name", sex: "Sex", birth_date: "Birth date", household: "Household", cognitive: "Cognitive impairment", self_care: "Self-care", conditions: "Conditions", allergies: "Allergies", division: "Division", lat: "Latitude", lon: "Longitude",
        identity_number: "Identity number", telephone: "Resident's telephone", address: "Address", contact_name: "Name", contact_relation: "What they are to the resident", contact_telephone: "Telephone",
      },
      values: { female: "female", male: "male", alone: "lives alone", with_others: "lives with others", yes: "yes", no: "no", full: "full", partial: "partial", none: "none" },
      hints: {
        id: "Only if it has one elsewhere (letters, digits and . _ - :); one is made up otherwise.", tags: "One by one, or several with commas between them.", home: "Decimal degrees, WGS-84 (GPS, Tianditu). What AMap, Tencent and Baidu maps show is some hundred metres off and must not be typed here.", home_keeps: "Stays as it is if left empty.",
        sealed: "Kept sealed.", keeps: "Stays as it is if left empty.", nothing_yet: "None on record.", removed: "Goes when you save.", contacts: "In a case of need they are rung from the first one on.", contacts_anew: "The whole list is replaced by this one. Telephones on record are not shown and must be typed again in full.",
      },
      fault: {
        needed: "Fill this in or choose.", again: "Type the whole telephone again.", long: "At most {{n}} characters.", many: "At most {{n}} of them.", sign: "It holds a control character.", date: "There is no such birth date.", division: "A division's code has 6, 9 or 12 digits.", elsewhere: "It must lie in your area, {{scope}}.",
        home: "There is no such place: latitude first, then longitude, such as 33.9631 and 118.2769.", masked: "There are asterisks in it: it is the mask of what is on record. Type a whole new value, or leave it empty.", id: "An id has letters, digits and . _ - : alone, at most 64.", taken: "There is a resident of this id.", other: "The server refuses it: {{detail}}",
      },
      add_tag: "Add", remove_tag: "Remove {{words}}", remove_sealed: "Remove what is on record: {{label}}", contacts_change: "Change the contacts", contacts_keep: "Leave the contacts as they are", add_contact: "Add a contact", nth: "Contact {{n}}", moved: "{{name}} is now no. {{n}}.", removed: "{{name}} is off the list.",
      move_up: "Move {{name}} up", move_down: "Move {{name}} down", remove_contact: "Remove {{name}}",
    },
    handsets: {
      title: "Handsets", add: "Add a handset", add_explain: "Give the handset an id and let it scan its claim code: it then has a secret of its own. An id that is there already gets a new secret.", id: "Handset id", id_rules: "letters, digits and . _ - :", make_code: "Make a claim code", search: "Part of an id, or of who carries it", none: "No handset fits.",
      nobody: "carried by nobody", online: "online", offline: "offline", claimable: "claim code until {{time}}", states: { active: "in use", retired: "retired", stolen: "stolen" }, code: "Claim code", code_for: "Claim code of {{handset}}",
      code_explain: "Let the handset scan it. It then gets a new secret; the old one is void once the new one has logged in. If the old one may have leaked, report the handset stolen first.", history: "Who carried it", never: "Nobody has carried it.", since: "since {{from}}", from_to: "{{from}} to {{to}}", bind_to: "Bind to {{name}}", instead: "{{before}} carries it no more; {{name}} does.",
      has_another: "{{name}} also carries {{handset}}; both count as theirs.", carried: "{{name}} carries it now. ", heartbeat: "Says something every … s (empty: as is usual; 0: not supervised)",
      acts: { bind: "Bind", rebind: "Bind to another", unbind: "Unbind", heartbeat: "How often it is heard", save_heartbeat: "Save", claim: "New secret", active: "Take into use", retired: "Retire", stolen: "Report stolen" },
      ask: {
        unbind: "Unbind {{id}}?", unbind_what: "Its presses will be about nobody known; operators see the handset's id alone.", retired: "Retire {{id}}?", retired_what: "It is unbound. A press of it still arrives, but about nobody known.",
        stolen: "Report {{id}} stolen?", stolen_what: "It is cut off at once: nothing it sends arrives any more, presses included, and it is unbound. The resident needs another one soon.",
      },
      done: { bind: "{{id}} is bound to {{name}}.", unbind: "{{id}} is bound to nobody.", heartbeat: "How often {{id}} is heard is saved.", retired: "{{id}} is retired.", stolen: "{{id}} is reported stolen and cut off.", active: "{{id}} is in use again. If it was lost, give it a new secret before you bind it." },
    },
  },
  recent: { title: "Recently closed", empty: "Nothing closed yet" },
  common: { cancel: "Cancel", ok: "OK", required: "required" },
};
