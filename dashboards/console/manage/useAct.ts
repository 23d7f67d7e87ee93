/** Runs one act at a time; how it ended stays beside the button that was pressed. */
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { Answered, Failed } from "../../src/api/account";
import type { Translate } from "../../src/time/format";
import { refusalWords } from "../../src/account/refusal";

/** Codes that have a sentence of their own here; the others are told in the server's words. */
const KNOWN: ReadonlySet<string> = new Set(["reviewed", "not_in_use", "phone_taken", "phone_changed", "not_found", "store_unavailable"]);

export interface News {
  tone: "good" | "bad";
  words: string;
}

export function failedWords(answer: Failed, t: Translate): string {
  if (answer.kind === "refused" && KNOWN.has(answer.code)) return t(`manage.refusal.${answer.code}`);
  return refusalWords(answer, t);
}

export function useAct(wordsOf: (answer: Failed, t: Translate) => string = failedWords) {
  const { t } = useTranslation();
  const [busy, setBusy] = useState(false);
  const [news, setNews] = useState<News | null>(null);
  const run = async <Value,>(request: Promise<Answered<Value>>, onDone: (value: Value) => void, doneWords?: string): Promise<void> => {
    setBusy(true);
    const answer = await request;
    setBusy(false);
    if (answer.kind !== "done") return setNews({ tone: "bad", words: wordsOf(answer, t) });
    setNews(doneWords ? { tone: "good", words: doneWords } : null);
    onDone(answer.value);
  };
  return { busy, news, run };
}
