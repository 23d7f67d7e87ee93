/** English of whoever is reached outside the screens. The same keys as `zhReach.ts`. */
import type { zhReach } from "./zhReach";

export const enReach: typeof zhReach = {
  week: {
    mon: "Mon", tue: "Tue", wed: "Wed", thu: "Thu", fri: "Fri", sat: "Sat", sun: "Sun", every_day: "every day", from_to: "{{from}} to {{to}}", and: ", ", all_day: "all day", till_next_day: "{{from}}–{{to}} next day", when: "{{days}} {{hours}}", at: "{{day}} {{time}}",
    stretch: "{{from}} to {{to}}", whole_week: "the whole week",
  },
  channel: { sms: "Text message", voice: "Voice call", webhook: "Other platform (webhook)", email: "E-mail", handset: "Handset", screen: "Screen", websocket: "Screen" },
  reach: {
    title: "Is anybody reached when nobody claims?", sound: "Yes: somebody is on call at every hour, by a channel that passed its test.", sound_now: "Now it would be: {{names}}.", tried_now: "Now it would be tried with: {{names}}. The channel has passed no test, or is a letter.", nobody_now: "At this hour nobody is reached.", loading: "Looking at roster and channels…", failed: "Roster or channels could not be read: we do not know whether anybody is reached.",
    no_channel: "Neither text messages nor voice calls passed a test within 30 days. When nobody claims, nobody is told.", empty: "Nobody is on call: {{hours}}.", uncounted: "Somebody is on call by a channel without a passed test, or by e-mail alone, which does not count: {{hours}}.",
    between: "; ", to_roster: "To the roster", to_channels: "Test channels", to_ladder: "See the ladder",
    relation: "The last step of the escalation ladder (roster) calls whoever is on this roster at that hour, by telephone or message. People at screens do not count: there may be nobody at a screen.",
    relation_ladder: "“roster” in the text means whoever is on call at that hour. The ladder runs all the same, but without anybody on call, or without a tested channel, that step reaches nobody. The top of the page says so; it is never left out in silence.",
  },
  roster: {
    menu: "Roster", title: "Who is on call", explain: "When nobody claims, these people are reached by message or telephone. Hours are China's, each week alike.", none: "There is nobody on the roster yet.", add: "Add hours", list: "People on call",
    picture: "The week", nobody: "nobody", uncounted: "does not count", key: "Dashed hours do not count: their channel has not passed a test, or is a letter.", now: "Now", on_now: "on call now", day: "{{day}}: {{pieces}}.", piece: "{{hours}} {{name}}", name: "Name", name_hint: "e.g. Li Qiang, head of the night shift", days: "Days (on which the hours begin)", every_day: "Every day", weekdays: "Weekdays", weekend: "Weekend", from: "From", to: "To",
    to_hint: "An end that is not later than the beginning is on the next day; two alike are 24 hours.", channel: "How to reach them", telephone: "Telephone number", email: "E-mail address", address_hint: "Kept sealed; from then on only the last four signs are shown.", address_again: "The present number is not shown. Type it whole again.", email_hint: "A letter wakes nobody, so these hours do not count: take the telephone or messages.", untested: "This channel has not passed a test, so these hours do not count.",
    edit: "Change", edit_whose: "Change the hours of {{name}}", take_off: "Take off", take_off_whose: "Take off the hours of {{name}}", save: "Save", save_new: "Put on the roster", undo: "Undo", undo_in: "Undo ({{n}} s)", leaving_now: "about to go",
    done: { added: "Added: {{name}}, {{when}}.", changed: "Changed: {{name}}, {{when}}. The hours as they were are about to go.", leaving: "{{name}}, {{when}}: about to go from the roster.", gone: "Taken off: {{name}}, {{when}}.", undone: "Undone; the roster is as it was." },
    not_undone: "Not undone: {{why}}", not_gone: "The hours as they were have not gone; try again: {{why}}",
    fault: { needed: "Required.", long: "At most {{n}} characters.", days: "Choose a day at least.", time: "There is no such time; e.g. 22:00.", telephone: "Not like a telephone number: 5 to 20 digits.", email: "Not like an e-mail address.", masked: "There are stars in it: type the whole number." },
  },
  channels: {
    menu: "Channels", title: "Channels", explain: "Messages and calls go out by a provider's gateway. A test sends a real one; a passed test counts for 30 days.", set_up_in: "Set up in the server's settings, see docs/notify.md.",
    standing: { counts: "passed its test", failed: "last test failed", old: "test is too old", untested: "not tested yet", not_set_up: "not set up" },
    what: { counts: "The escalation can count on it until {{time}}.", failed: "The escalation cannot count on it.", old: "The escalation cannot count on it: it last passed more than 30 days ago.", untested: "The escalation cannot count on it: send a test first.", not_set_up: "The escalation cannot use it." },
    last: "Last test", last_at: "{{time}}, {{age}}, by {{by}}", took: "{{n}} ms there and back", long_took: "{{n}} s there and back", provider: "their number {{id}}", said: "In their words: ", needs: "Hours that need it: {{names}}", serves_nobody: "Nobody on the roster uses it.",
    to: { sms: "To which mobile number", voice: "To which telephone", webhook: "To which receiver (its name in the settings)", email: "To which address", handset: "Which handset: it says a sentence and answers" }, test: "Send a test", test_of: "Send a test: {{channel}}", testing: "Waiting for the other side…", passed: "{{channel}} passed: {{took}}. See whether it has really arrived.", not_passed: "{{channel}} failed.",
    unanswered: "No result came: the gateway is slow, or the network is down. See the last test below.",
    cause: {
      not_set_up: "No gateway is set up for this channel.", for_good: "The gateway refused it and would again: check number and account.", refused: "The gateway took it and refused to send: check balance, signature and template.", status: "The gateway answered with error {{status}}: ask the provider.", silent: "The gateway did not answer: check the network, or whether the provider is down.",
      unreachable: "The gateway cannot be reached: check the network and the address in the settings.", unlike: "It cannot be sent: address or receiver are wrong.", away: "The handset is not connected and did not take the words: see whether it is on and has a signal.", no_screen: "You have no screen up at this process of the server: open the console and try again.", no_answer: "It was delivered, and no answer came: see whether the handset, or each of your screens, still works.", other: "It did not work.",
    },
  },
  notices: {
    title: "Notices", show: "Who was told", hide: "Hide", explain: "On whose screens it, or a task in it, was, and who was told outside them while nobody claimed. Each look goes on record.", none: "Nobody has been told.", renew: "Refresh",
    kind: { roster: "on call", relative: "family", station: "station", webhook: "other platform", handset: "said by the handset", desk: "desk" }, state: { sent: "sent", delivered: "on the telephone", seen: "taken or read", acknowledged: "answered", undelivered: "did not arrive", undelivered_again: "did not arrive, will be sent again", waiting: "waiting", failed: "failed, will be tried again", ended: "not sent any more" }, sum: "{{n}} in all, {{sent}} sent", sum_arrived: ", {{n}} of them on the telephone or a screen", sum_answered: ", {{n}} answered", sum_failed: "{{n}} did not get through",
    by: "{{channel}} {{address}}", sent: "sent {{time}}, {{took}}", delivered: "on the telephone {{time}}", seen: "taken or read {{time}}", acknowledged: "answered {{time}}", due: "due from {{time}}", next: "tried again {{time}}", attempts: "tried {{n}} times", over: "The incident is over.", has_it: "{{name}} has the incident.", task_settled: "The task has been answered or taken back.", withheld: "This relative is not to know of it now.", replaced: "Not heard yet when a newer word took its place.", too_old: "Not heard: the handset was away until the words were too old.", sent_means: "“Sent” means that the provider took it, not that anybody has seen it; “on the telephone” and “taken or read” are what the provider reports; “answered” is what they said themselves, as family or about their task. Screens (of the desk, of stations and of the family) are answered for by the page: “received” does not mean that anybody looks, “shown” that the page is in front and not covered.",
    screen: {
      sent: "written to the page {{time}}", delivered: "received {{time}}", seen: "shown {{time}}, {{took}}", acknowledged: "claimed or confirmed {{time}}",
      state: { sent: "written to the page", delivered: "received", seen: "shown", acknowledged: "claimed or confirmed", undelivered: "no screen was up", undelivered_again: "no screen was up", waiting: "on its way to the page", failed: "on duty, no screen was up", ended: "not sent any more" },
    },
  },
};
