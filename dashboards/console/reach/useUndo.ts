/**
 * Acts that can be taken back. What takes something away is not sent before its time to undo it is over; whoever closes
 * the page, or goes on to the next act, has meant it. If nothing can be sent then, it stays as it was: the safe side.
 */
import { useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Answered } from "../../src/api/account";
import { failedWords, type News } from "../manage/useAct";

export const UNDO_S = 10;

export interface Undoable {
  /** What is said of it while it can be undone. */
  words: string;
  /** What is sent once nobody has undone it; without it everything is done already. */
  then?: { send(): Promise<Answered>; words: string };
  /** What has been sent already, and is to be taken back. */
  back?(): Promise<Answered>;
  /** The row that is about to go. */
  leaving?: string;
}

export function useUndo(onChange: () => void) {
  const { t } = useTranslation();
  const [step, setStep] = useState<(Undoable & { untilMs: number }) | null>(null);
  const [news, setNews] = useState<News | null>(null);
  const current = useRef<Undoable | null>(null);
  const timer = useRef(0);

  const take = (): Undoable | null => {
    const taken = current.current;
    current.current = null;
    window.clearTimeout(timer.current);
    return taken;
  };
  const finish = async () => {
    const taken = take();
    if (!taken?.then) return;
    const answer = await taken.then.send();
    setStep((shown) => (shown?.words === taken.words ? null : shown));
    // Somebody else may have taken it away meanwhile: it is gone, as was wanted.
    const isGone = answer.kind === "done" || (answer.kind === "refused" && answer.status === 404);
    // Of two acts the later one is what is talked about, unless the earlier one failed.
    if (!isGone) setNews({ tone: "bad", words: t("roster.not_gone", { why: failedWords(answer, t) }) });
    else if (current.current === null) setNews({ tone: "good", words: taken.then.words });
    onChange();
  };
  const begin = (next: Undoable) => {
    void finish();
    current.current = next;
    setNews({ tone: "good", words: next.words });
    setStep({ ...next, untilMs: performance.now() + UNDO_S * 1_000 });
    if (next.then) timer.current = window.setTimeout(() => void finish(), UNDO_S * 1_000);
    onChange();
  };
  const undo = async () => {
    const taken = take();
    setStep(null);
    const answer = taken?.back ? await taken.back() : null;
    if (answer && answer.kind !== "done") setNews({ tone: "bad", words: t("roster.not_undone", { why: failedWords(answer, t) }) });
    else setNews({ tone: "good", words: t("roster.done.undone") });
    onChange();
  };
  const fail = (words: string) => setNews({ tone: "bad", words });

  useEffect(() => () => void take()?.then?.send().then(onChange), []);
  return { step, news, begin, undo, fail };
}
