/** English of plan, waiting signals, merging and splitting. The same keys as `zhCase.ts`. */
import type { zhCase } from "./zhCase";

export const enCase: typeof zhCase = {
  more: "More",
  awaiting: {
    title: "New signals wait for your word", title_other: "New signals wait for the holder's word", seen: "Seen", seen_of: "Seen: {{what}}", all: "All seen", done: "Written down: seen.",
  },
  plan: {
    title: "Action plan", progress: "{{done}} / {{all}}", state: { done: "done", current: "now", pending: "to come" }, by: "{{by}}", by_ladder: "automatically", must_send: "No answer: send somebody", send: "Send somebody", next: "Next",
    outcome_of: "{{step}}: {{outcome}}", change: "Change", hide: "Hide", why: "Why it is not needed", why_hint: "e.g. the family is there", save: "Write down", marked: "Written down: {{step}}, {{outcome}}.", contacts: "In order: {{names}}", empty: "No steps",
  },
  contact: {
    needed: "Before it is closed you must have spoken with the person, with a witness, or with 120 / 110. Write it down here; then it is closed.", who: "Spoken with", words: "What they said", words_hint: "e.g. touched it by mistake, did not fall", missing: "Choose whom you spoke with and write down what they said.", submit: "Write it down and close",
    override: "Nobody has been spoken with. As a supervisor you may close it all the same, and answer for it.", submit_anyway: "Close without contact",
  },
  lost: { badge: "Operator lost", self: "You hold {{n}} incident(s). After 60 s without a link others may take over: ring a colleague now.", words: "{{name}} is lost: the desk's link is gone, anybody may take over", holder: "{{name}} is lost" },
  merge: {
    button: "Put another in…", title: "Put another one into this", explain: "The chosen one ends, its signals go on in this one; the history of both is kept.", list: "Which one is the same matter", busy: "a station is still at it: let it finish, or take the task back", same: "the same person", held: "{{name}} has it", open: "unclaimed",
    submit: "Put it in", done: "Put together.", choose: "Choose one.",
  },
  split: {
    button: "Take signals out…", title: "Take out signals about somebody else", explain: "The chosen signals become an incident of their own, which nobody has yet: it sounds at once.", list: "Which signals are about somebody else (the one that opened it stays)", whom: "About whom", nobody: "nobody knows", submit: "Take out", done: "Taken out into an incident of its own. Claim it.", choose: "Choose at least one signal.", choose_whom: "Find out whom they are about.", hint: "Find out who it is; leave it empty if nobody knows.",
  },
};
