/** Why a record is opened, or somebody looked up: asked once, before anything is shown. */
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { readRecord } from "../../src/api/residents";
import type { Named, ResidentCard } from "../../src/api/types";
import { Choice } from "../incident/Choice";
import { InlineForm } from "../manage/InlineForm";
import { Outcome } from "../manage/Outcome";
import { useAct } from "../manage/useAct";

/** What most often brings somebody here, and words of one's own; named by where their words stand. */
type For = "manage.residents" | "lookup";
const REASONS: Record<For, readonly [string, ...string[]]> = { "manage.residents": ["correct", "check", "other"], lookup: ["call", "missing", "other"] };

interface ReasonProps {
  resident: Named;
  why?: For;
  onOpened(card: ResidentCard, reason: string): void;
  onCancel(): void;
}

export function ReasonForm({ resident, why = "manage.residents", onOpened, onCancel }: ReasonProps) {
  const { t } = useTranslation();
  const act = useAct();
  const [reason, setReason] = useState<string>(REASONS[why][0]);
  const [words, setWords] = useState("");
  const said = reason === "other" ? words.trim() : t(`${why}.reasons.${reason}`);
  const submit = () => {
    if (said !== "") void act.run(readRecord(resident.id, said), (card) => onOpened(card, said));
  };
  return (
    <InlineForm label={t(`${why}.open`, { name: resident.name })} onSubmit={submit} onCancel={onCancel}>
      <h3>{t(`${why}.open`, { name: resident.name })} <code className="muted">{resident.id}</code></h3>
      <p className="muted">{t(`${why}.open_explain`)}</p>
      <Choice<string> name="reason" legend={t("manage.residents.reason")} value={reason} onChange={setReason} options={REASONS[why].map((value) => ({ value, label: t(`${why}.reasons.${value}`) }))} />
      {reason === "other" && (
        <label className="field">
          <span>{t("manage.residents.reason_words")} <small className="muted">{t("common.required")}</small></span>
          <textarea name="reason_words" rows={2} value={words} autoFocus maxLength={500} onChange={(event) => setWords(event.target.value)} />
        </label>
      )}
      <Outcome news={act.news} />
      <div className="dialog-foot">
        <button type="button" className="button" onClick={onCancel}>{t("manage.residents.back")}</button>
        <button type="submit" className="button primary" autoFocus disabled={act.busy || said === ""}>{t(`${why}.open_it`)}</button>
      </div>
    </InlineForm>
  );
}
