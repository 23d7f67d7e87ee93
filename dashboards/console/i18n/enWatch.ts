/** English of drills, the technical list and the ladder. The same keys as `zhWatch.ts`. */
import type { zhWatch } from "./zhWatch";

export const enWatch: typeof zhWatch = {
  drills: {
    menu: "Drills", title: "Drills: buttons to be tried", explain: "Open a window, then ask the resident to press once. Presses and falls within it are drills: they go the whole way and are left out of the figures. Outside a window everything is real.", none: "Everybody's button was tried within 30 days.", count: "{{n}} to be tried", minutes: "Length of the window", minutes_n: "{{n}} min",
    search: "Name or handset", no_match: "Nobody fits.", why: "What are the others to be listed for? It goes on record.", go_on: "List more", in_need: "has an open incident: that first", card: "Last drill", of_record: "Drill",
    never: "never tried", last: "last {{time}}, {{age}}", no_handset: "no handset", open: "Open a drill window", open_of: "Open a drill window: {{name}}", running: "Drill window open, {{time}} left", over: "the window is over; end it before opening another", end: "End the window", end_of: "End the window: {{name}}",
    opened: "The drill window of {{name}} is open. Ask for a press.", ended: "The drill window of {{name}} has ended. From now on every press is real.",
  },
  technical: {
    menu: "Technical list", title: "Technical list (24 hours)", explain: "Technical signals that wake nobody: one line for each handset and kind. Of residents who are outside or have an open incident they are incidents.", none: "No technical signal within 24 hours.", count: "{{n}} times", flood: "{{n}} handsets at once: look at the network first", span: "{{first}} to {{last}}", once: "{{time}}", handsets: "Handsets", more: "of {{n}}", nobody: "carried by nobody", incomplete: "Made of the newest {{n}} of {{total}} signals; what came before is not in it.",
  },
  ladder: {
    menu: "Escalation ladder", title: "Escalation ladder", explain: "Who is called, step by step, while nobody claims. A text with a mistake is not saved; the present one runs on.", running: "Running: saved by {{by}} at {{time}}", built_in: "Running: the built-in ladder; nobody has saved one", refused: "A newer text has mistakes and does not run; the last good one does.", text: "Text of the ladder", save: "Save and run", undo: "Back to the one that runs",
    bad: "Not saved, {{n}} mistake(s):", line: "Line {{n}}: {{what}}", general: "{{what}}", saved: "Saved, and running.", same: "The same as the one that runs.", goto: "Go to line {{n}}", wrong: "line {{n}} is wrong",
  },
};
