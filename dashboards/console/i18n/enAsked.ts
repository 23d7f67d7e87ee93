/** English of what handsets are asked to do, of planned absences, and of what is printed. The same keys as `zhAsked.ts`. */
import type { zhAsked } from "./zhAsked";

export const enAsked: typeof zhAsked = {
  asked: {
    title: "Commands to the handset", to: "Handset {{handset}}", none: "The handset was asked nothing yet.", explain: "What has not arrived after 2 minutes is void; nothing wakes anybody later.", closed: "Once the incident is closed nothing more is asked.", list: "What was asked",
    kind: { locate: "Position", ring: "Ring", say: "Say", call: "Call a number", interval: "Reporting interval", ask: "Are you all right?" }, do: { locate: "Locate now", ring: "Let it ring", say: "Say a sentence…", call: "Let it call…", interval: "Reporting interval…" },
    stage: { queued: "waits for the handset", sent: "delivered", answered: "answered", refused: "the handset cannot", unheard: "expired, never arrived", unanswered: "expired without an answer" }, left: "void in {{time}}", by: "{{by}}, {{time}}", by_platform: "by itself, {{time}}", before: "asked by itself {{n}} time(s) before", answer: "Answer: {{words}}", took: "answered after {{n}} s",
    say: "Words to be said", say_hint: "e.g. Mrs Wang, we saw that you pressed, please wait", say_usual: ["We have your call, somebody is being sent.", "Please stay where you are.", "If you hear this, press the button again."], number: "Number the handset calls", number_hint: "It calls the number with its speaker on", interval: "How often it tells its position", intervals: { "10": "10 s", "30": "30 s", "60": "1 min", "300": "5 min", "1800": "30 min" }, interval_hint: "The more often, the sooner the battery is empty.", send: "Send", done: "On its way, waiting for the handset: {{what}}.",
  },
  absences: {
    menu: "Absences", title: "Planned absences", explain: "Meanwhile nobody at home, no movement and no return raise nothing. Presses, falls, calls and places of danger do as ever.", none: "No absence is entered.", add: "Enter an absence", save: "Enter", reason: "Where to", reasons: { hospital: "hospital", holiday: "holiday", family: "with family", other: "other" },
    from: "From (Beijing time; empty: from now)", to: "Until (Beijing time)", span: "{{from}} to {{to}}", by: "entered by {{by}}", now: "away now", later: "not yet", end: "End early", end_of: "End early: {{what}}", ended: "Ended: {{what}}.", entered: "Entered: {{what}}; it ends by itself.", end_ask: "End early: {{what}}?", end_what: "From now on they are watched as ever.",
    fault: { to_needed: "Say until when.", over: "This end has passed.", backwards: "It ends before it begins.", long: "92 days at most; enter it anew then." },
  },
  print: { file: "Print the file", handover: "Print the handover page", handover_hint: "One page for 120 / 110" },
};
