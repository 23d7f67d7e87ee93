/** What a relative lets the desk know, and what became of it. Nothing counts as said before the server took it. Pure. */
export const ANSWERS = ["calling", "reached_well", "coming", "other"] as const;
export type AnswerName = (typeof ANSWERS)[number];

export interface SentAnswer {
  incident: string;
  answer: AnswerName;
  text: string;
  /** The same word under the same key counts once, however often it arrives. */
  key: string;
  /** On its way; taken; no answer, so nobody knows; the server says no. */
  kind: "asking" | "sent" | "unreached" | "refused";
  /** When it was taken. */
  at: number | null;
  status: number | null;
}

export const withAnswer = (sent: readonly SentAnswer[], answer: SentAnswer): SentAnswer[] =>
  sent.some(({ key }) => key === answer.key) ? sent.map((each) => (each.key === answer.key ? answer : each)) : [...sent, answer];

export const withoutAnswer = (sent: readonly SentAnswer[], key: string): SentAnswer[] => sent.filter((each) => each.key !== key);

export const about = (sent: readonly SentAnswer[], incident: string): SentAnswer[] => sent.filter((each) => each.incident === incident);

/** The same word that is not known to have arrived: another tap repeats it rather than saying it twice. */
export const unsettled = (sent: readonly SentAnswer[], answer: AnswerName): SentAnswer | undefined =>
  answer === "other" ? undefined : sent.find((each) => each.answer === answer && (each.kind === "unreached" || each.kind === "refused"));

/** Said already, or being said: another tap would say nothing more. Other words may always be said. */
export const isSaid = (sent: readonly SentAnswer[], answer: AnswerName): boolean =>
  answer !== "other" && sent.some((each) => each.answer === answer && (each.kind === "asking" || each.kind === "sent"));
