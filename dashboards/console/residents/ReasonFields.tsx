/** Why something is opened: what most often brings somebody here, and words of one's own. */
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Choice } from "../incident/Choice";

export interface ReasonState {
  /** Where its words stand. */
  under: string;
  reasons: readonly string[];
  reason: string;
  words: string;
  /** What goes on record; empty while nothing is said. */
  said: string;
  setReason(reason: string): void;
  setWords(words: string): void;
}

/** The last one of them, `other`, is said in words of one's own. */
export function useReason(under: string, reasons: readonly [string, ...string[]]): ReasonState {
  const { t } = useTranslation();
  const [reason, setReason] = useState<string>(reasons[0]);
  const [words, setWords] = useState("");
  const said = reason === "other" ? words.trim() : t(`${under}.reasons.${reason}`);
  return { under, reasons, reason, words, said, setReason, setWords };
}

export function ReasonFields({ of: { under, reasons, reason, words, setReason, setWords } }: { of: ReasonState }) {
  const { t } = useTranslation();
  return (
    <>
      <Choice<string> name="reason" legend={t("manage.residents.reason")} value={reason} onChange={setReason} options={reasons.map((value) => ({ value, label: t(`${under}.reasons.${value}`) }))} />
      {reason === "other" && (
        <label className="field">
          <span>{t("manage.residents.reason_words")} <small className="muted">{t("common.required")}</small></span>
          <textarea name="reason_words" rows={2} value={words} autoFocus maxLength={500} onChange={(event) => setWords(event.target.value)} />
        </label>
      )}
    </>
  );
}
