/** English of looking somebody up, of a person's rights, of log-ins and of programs. The same keys as `zhDuty.ts`. */
import type { zhDuty } from "./zhDuty";

export const enDuty: typeof zhDuty = {
  closed_case: {
    title: "Why this closed incident is opened", explain: "It is closed, and you had no part in it within the last day. The reason goes on record, and a supervisor reviews it.", open_it: "Open it", reasons: { review: "to review how it was handled", complaint: "to answer a complaint or a question", again: "something is up with the same person again", other: "another one" },
  },
  lookup: {
    menu: "Look somebody up", title: "Look somebody up", open: "Look at {{name}}", open_explain: "Nothing is open about them, so a look needs a reason. It goes on record, and a supervisor reviews it.", open_it: "Look", reasons: { call: "somebody rang and asks", missing: "to help find them", other: "another one" },
    has_open: "An incident about {{name}} is open: there you see more, and need no reason.", to_incident: "Open the incident", masked: "Of telephones the last four digits are shown, the address is not. The position is that of the look and is not renewed. For whole telephones, the address or where they are now enter a call: it opens an incident.",
    again: "Look at the position again", renewed: "Looked at again for the same reason; that is on record too.", reason: "Reason: {{reason}}",
  },
  rights: {
    title: "Rights of the person", explain: "A resident may have a copy of what is held, may know who looked, and may ask to be forgotten. Each goes on record.", reason: "Who asked, and on what ground", reason_hint: "e.g. came in person with the identity card", copy: { all: "Download the copy", looks: "Download “who looked at me”", older: "There are older ones: download the next part" },
    whole: "The copy has whole telephones, the address and the identity number",
    saved: { all: "Downloaded {{file}}. Telephones and numbers in it are masked. For the person or guardian alone.", whole: "Downloaded {{file}}. Telephones and numbers in it are whole: for the person or guardian alone.", looks: "Downloaded {{file}}, a table. For the person or guardian alone." },
    erase: "Erase", erase_whom: "Erase {{name}}", erase_what: "The record of {{name}}, the contacts, the track and the person in every incident go, and cannot be had back. The family sees nothing from then on; a press of the handset is nobody's.", confirm: "Type the resident id {{id}} to confirm", erase_it: "Erase for good",
    erased: "{{id}} was erased {{time}}, and taken out of {{n}} incident(s).", stays: "What stays:", refusal: { incident_open: "Not done: an incident is open. Close it, then erase again.", erased: "This resident has been erased before." },
  },
  running: {
    menu: "Log-ins", title: "Who is logged in where", explain: "When a telephone is lost or somebody else may have it, end its session. Whoever knows the password can log in again: then ask an administrator to shut the account out or to make a new password. Each look goes on record.", search: "Part of a user name or address", none: "Nobody fits.", count: "{{n}} log-in(s)", more: "{{n}} more people are not listed: type a user name.", cut: "There are too many: these are the newest {{n}}. Type a whole user name for all log-ins of one account.",
  },
  program: {
    title: "A program's account", explain: "The account {{username}} is for a program, such as a telephone exchange that announces calls; it has no page. Put name and password into the program, then log out.", invite: "For a program, such as a telephone exchange. Whoever is in charge of it opens the link, chooses name and password and puts them into the program: docs/exchange.md.",
  },
};
