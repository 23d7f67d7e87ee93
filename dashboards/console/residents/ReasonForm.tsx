/** Why a record is opened: asked once, before anything of it is shown. */
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { readRecord } from "../../src/api/residents";
import type { Named, ResidentCard } from "../../src/api/types";
import { Choice } from "../incident/Choice";
import { InlineForm } from "../manage/InlineForm";
import { Outcome } from "../manage/Outcome";
import { useAct } from "../manage/useAct";

const REASONS = ["correct", "check", "other"] as const;
type Reason = (typeof REASONS)[number];

interface ReasonProps {
  resident: Named;
  onOpened(card: ResidentCard): void;
  onCancel(): void;
}

export function ReasonForm({ resident, onOpened, onCancel }: ReasonProps) {
  const { t } = useTranslation();
  const act = useAct();
  const [reason, setReason] = useState<Reason>("correct");
  const [words, setWords] = useState("");
  const said = reason === "other" ? words.trim() : t(`manage.residents.reasons.${reason}`);
  const submit = () => {
    if (said !== "") void act.run(readRecord(resident.id, said), onOpened);
  };
  return (
    <InlineForm label={t("manage.residents.open", { name: resident.name })} onSubmit={submit} onCancel={onCancel}>
      <h3>{t("manage.residents.open", { name: resident.name })} <code className="muted">{resident.id}</code></h3>
      <p className="muted">{t("manage.residents.open_explain")}</p>
      <Choice<Reason> name="reason" legend={t("manage.residents.reason")} value={reason} onChange={setReason} options={REASONS.map((value) => ({ value, label: t(`manage.residents.reasons.${value}`) }))} />
      {reason === "other" && (
        <label className="field">
          <span>{t("manage.residents.reason_words")} <small className="muted">{t("common.required")}</small></span>
          <textarea name="reason_words" rows={2} value={words} autoFocus maxLength={500} onChange={(event) => setWords(event.target.value)} />
        </label>
      )}
      <Outcome news={act.news} />
      <div className="dialog-foot">
        <button type="button" className="button" onClick={onCancel}>{t("manage.residents.back")}</button>
        <button type="submit" className="button primary" autoFocus disabled={act.busy || said === ""}>{t("manage.residents.open_it")}</button>
      </div>
    </InlineForm>
  );
}
