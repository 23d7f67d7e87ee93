/** Sends what a relative lets the desk know, and finds out what became of it. */
import { randomKey } from "../../src/api/client";
import { sendAnswer } from "../../src/api/relative";
import { type AnswerName, isSaid, type SentAnswer, unsettled, withAnswer, withoutAnswer } from "../../src/family/answer";
import { serverClock } from "../../src/time/useNow";
import { silence } from "../alarm/bell";
import { answersAbout, useFamily } from "../state/store";

const keep = (sent: SentAnswer): void => useFamily.setState(({ answers }) => ({ answers: withAnswer(answers, sent) }));

export function send(incident: string, answer: AnswerName, text = ""): void {
  if (isSaid(answersAbout(incident), answer)) return;
  // Whoever answers has heard it.
  silence();
  const before = unsettled(answersAbout(incident), answer);
  if (before) return sendAgain(before);
  void perform({ incident, answer, text, key: randomKey(), kind: "asking", at: null, status: null });
}

/** The same word under the same key. */
export const sendAgain = (sent: SentAnswer): void => void perform({ ...sent, kind: "asking", status: null });

export const drop = ({ key }: SentAnswer): void => useFamily.setState(({ answers }) => ({ answers: withoutAnswer(answers, key) }));

async function perform(sent: SentAnswer): Promise<void> {
  keep(sent);
  const answer = await sendAnswer(sent.incident, sent.answer, sent.text, sent.key);
  if (answer.kind === "done") keep({ ...sent, kind: "sent", at: serverClock.nowMs() });
  else if (answer.kind === "unreached") keep({ ...sent, kind: "unreached" });
  else keep({ ...sent, kind: "refused", status: answer.status });
}
