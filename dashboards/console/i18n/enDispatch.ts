/** English of what is done once somebody has an incident. The same keys as `zhDispatch.ts`. */
import type { zhDispatch } from "./zhDispatch";

export const enDispatch: typeof zhDispatch = {
  dispatch: {
    button: "Send a station", another: "Send another", title: "Send a station", loading: "Looking for stations…", failed: "The stations could not be loaded.", none: "No station has been entered. Ring 120 or the family.", list: "Stations (several may be chosen)",
    from: { position: "Distances from where the resident is, as the crow flies", home: "The position is too old: distances from home, as the crow flies", old_position: "The position is too old and no home is on record: distances say little", nowhere: "Nobody knows where the resident is, so there are no distances" }, off: ", about {{distance}} off", wanted: "For this, stations that can do any of these come first: {{skills}}",
    recommended: "Recommended", none_recommended: "No station can be recommended now: choose with care, or ring 120 first.", no_distance: "distance unknown", load_none: "no task now", load: "{{n}} task(s) now", online: "online", offline: "offline: ring {{telephone}}", unknown: "online or not is unknown: ring {{telephone}}",
    against: { asked: "asked already", off_duty: "off duty", out_of_hours: "not at this hour", declined: "could not go this time", busy: "has many tasks", no_account: "no account, telephone only", nobody_online: "nobody online", online_unknown: "online or not is unknown", lacks_skill: "lacks the skill", farther: "farther away", more_tasks: "as near, more tasks", position_old: "position too old to compare", even: "as good" },
    ring: "Nobody at {{name}} is online, so nobody sees the task. Ring as soon as it is sent:", ring_unknown: "Nobody knows whether anybody at {{name}} is online. Ring as soon as it is sent:", note: "Word to the station", note_hint: "e.g. knock for long, hard of hearing", submit: "Send", submit_many: "Send {{n}} stations", choose: "Choose at least one station.", done: "Sent: {{names}}.",
    keys: "Enter sends, Space ticks",
  },
  responder: {
    who: "{{station}} ({{name}})", distance: "{{distance}} from the resident as the crow flies", no_distance: "nobody knows where the resident is, so there is no distance", stale: "old position", eta: "about {{time}} to go, a rough estimate", mark: "{{station}} {{age}}",
  },
  task: {
    title: "Stations", step: { offered: "Asked", acknowledged: "Taken", en_route: "On the way", on_scene: "On scene", finished: "Done" },
    state: { offered: "waiting for an answer", acknowledged: "taken", en_route: "on the way", on_scene: "on scene", finished: "done", declined: "declined", failed: "failed", withdrawn: "taken back" },
    since: "since {{time}}", at: "{{time}}", untimed: "not said", to_come: "to come", who: "by {{name}}", told: "Told: {{note}}", said: "Said: {{words}}", why: "Because: {{words}}", due: "a word is due within {{time}}", due_over: "a word is overdue by {{time}}",
    trouble: {
      declined: "{{station}} cannot go. Send another station, or hand over to 120 / 110 / 119.", failed: "{{station}} could not do it. Send another station, or hand over to 120 / 110 / 119.",
      silent: "{{station}} was reminded and still says nothing. Ring at once and write down what they say, or take the task back and send another.", reminded: "{{station}} has not answered in time and was reminded once.", offline: "Nobody at {{station}} is online, so nobody sees the task. Ring, and write down what they say.",
    },
    needs: { no_answer: "nobody opens", need_ambulance: "120 is needed", need_help: "the staff need help", still_at_it: "still at it, all is well", still_at_it_en_route: "still on the way" }, needs_loud: "{{station}}: {{what}}", needs_last: "Said last from there: {{what}}", needs_last_en_route: "Said last from the way: {{what}}", needs_seen: "Seen", needs_note: "Seen: {{station}}, {{what}}",
    row: { declined: "{{station}} declined", failed: "{{station}} failed", silent: "{{station}} is silent" }, call: "Ring {{station}} {{telephone}}",
    behalf: "For them", behalf_of: "Write down for {{station}}", behalf_title: "What {{station}} says", behalf_explain: "What a station says by telephone you write down in its place.", what: "They say", words: "Their words (who, and what)", words_hint: "e.g. Wang Qiang rang: set out, ten minutes",
    act: { acknowledge: "taken", decline: "cannot go", "en-route": "set out", "on-scene": "arrived", finish: "done", fail: "could not do it" }, ended: "This task has ended.", behalf_submit: "Write down", behalf_done: "Written down: {{station}}, {{what}}.",
    withdraw: "Take back", withdraw_of: "Take back: {{station}}", withdraw_title: "Take the task of {{station}} back", withdraw_explain: "The station sees at once that it is taken back, and reads the reason: write no name, address or illness.", reason: "Reason", withdraw_submit: "Take it back", withdraw_done: "Taken back from {{station}}.", count: "{{n}} station(s)",
    closing: "{{n}} station(s) are still at it; closing takes their tasks back: {{names}}.",
  },
  transfer: {
    button: "Transfer", title: "Transfer to another operator", explain: "They have it from then on, and you no longer do. Tell them first.", to: "Their user name", hint: "the log-in name of an operator or supervisor", submit: "Transfer", done: "Transferred to {{name}}.",
    received: "Given to you", received_words: "{{name}} gave you the incident of {{who}}",
    take: "Take over", take_ask: "Take it over from {{name}}?", take_what: "You have it from then on, and {{name}} no longer does. Tell them.", taken: "Taken over from {{name}}: you have it now.",
  },
  handover: { button: "Hand over to 120 / 110 / 119", title: "Hand over to 120 / 110 / 119", explain: "Ring first, then write down what was said. You still have the incident: go on with it.", to: "To", "120": "120 ambulance", "110": "110 police", "119": "119 fire brigade", words: "What you said, and what they answered", words_hint: "e.g. address and condition given, ambulance in 8 minutes", submit: "Write it down", done: "Written down: handed over to {{to}}." },
  identify: { button: "Who is it", correct: "Not this person", title: "Who is it", explain: "Once it is known who it is, the card, the family and the position are shown. There is one open incident about a person.", is: "It is {{name}}", nobody: "Nobody known", done: "Written down: {{name}}.", done_nobody: "It is about nobody known now.", now: "Now it says {{name}}." },
  resolve: { button: "Need is over", done: "Written down that the need is over. It still has to be closed." },
  reopen: { button: "Reopen", title: "Reopen", explain: "A case goes on within 24 hours after it was closed. You will have it.", reason: "Reason", submit: "Reopen", done: "Reopened; you have it." },
  refused: {
    unconfirmed: "Not closed: a press or fall that joined waits to be confirmed. Mark it as seen first, or ask a supervisor to close it.", no_contact: "Not closed: no contact with the person, a witness or 120 / 110 has been written down. Write it down, or ask a supervisor to close it.", another_matter: "Not done: the two incidents are about different people.", same_person: "Not done: what is taken out must be about somebody else; choose another resident.", opening_signal: "Not done: the signal that opened the incident stays in it.", no_signal: "Not done: the signal is no longer in this incident.",
    not_holder: "Not done: {{name}} has this incident; only the holder or a supervisor can do this.", not_claimed: "Not done: nobody has claimed it. Claim it first.", already_closed: "Not done: the incident is closed.", already_asked: "Not done: one of these stations was asked already, and its task is not over.", task_conflict: "Not done: the station's task has just moved. Look before you act again.",
    task_state: "Not done: the task is at another stage.", tasks_open: "Not done: a station is still at it. Let it finish, or take the task back.", too_late: "Not done: it was closed more than 24 hours ago. Open a new one.", none_recommended: "Not done: no station can be recommended now. Choose one, or ring 120.",
    has_open_incident: "Not done: another incident about this resident, or this handset, is open. Go on with that one and close this one.", same_holder: "Not done: {{name}} has it already.", not_closed: "Not done: the incident is not closed.", nameless: "Not done: this incident no longer says whom it was about, and cannot be changed.", nobody_at_desk: "Not done: there is no operator or supervisor of this name.",
  },
  skill: { first_aid: "first aid", lifting: "lifting", dementia: "dementia care", vehicle: "car", key: "spare keys" },
  stations: {
    menu: "Stations", title: "Stations", add: "Enter a station", none: "No station has been entered.", on_duty: "on duty", off_duty: "off duty", online: "online", offline: "offline", unknown: "online or not is unknown", no_account: "no account", accounts: "{{n}} account(s)", load: "{{n}} task(s) now",
    correct: "Put right", correct_whose: "Put {{name}} right", go_on: "Set on duty", go_off: "Set off duty", out_of_hours: "not at this hour", explain: "A station off duty, or out of its hours, is not recommended; it can still be sent.", place: "Place", lat: "Latitude", lon: "Longitude", name: "Name", telephone: "Telephone", id: "Id", id_hint: "Letters, digits and . _ - :, made up if left empty; it cannot be changed later.", place_hint: "Decimal degrees, WGS-84 (GPS, Tianditu). What AMap, Tencent and Baidu maps show is some hundred metres off and must not be typed here.",
    save: "Save", save_new: "Enter", fault: { needed: "Fill this in.", long: "At most {{n}} characters.", place: "There is no such place: latitude first, then longitude, such as 33.9631 and 118.2769.", id: "An id has letters, digits and . _ - : alone, at most 64.", taken: "There is a station of this id.", days: "Span {{n}} of the hours: choose at least one day.", time: "Span {{n}} of the hours: there is no such time, such as 08:00." },
    hours: "Hours", always: "round the clock", always_hint: "None: somebody is always there.", hours_and: "; ", span: "Span {{n}}", span_add: "Add hours", span_remove: "Take span {{n}} away", skills: "What it can do", skills_hint: "For a fall, first aid and lifting come first; for somebody who is lost, dementia care and a car.",
    done: { added: "Entered: {{name}}.", changed: "Saved: {{name}}.", on: "{{name}} is on duty.", off: "{{name}} is off duty." },
    works: "Station: {{name}}", works_nowhere: "no station", where: "Where they work", nowhere: "Later", nowhere_set: "At no station", set: "Set", set_done: "{{name}} now works at: {{station}}.", explain_where: "Station staff see the tasks of their own station alone.", failed: "The stations could not be loaded; it can be set later.",
  },
};
