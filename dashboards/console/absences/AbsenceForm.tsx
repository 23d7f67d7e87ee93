import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { NewAbsence } from "../../src/api/types";
import { absenceOf, type AbsenceDraft, emptyAbsence, faultOf, type Reason, REASONS } from "../../src/resident/absence";
import { serverClock } from "../../src/time/useNow";
import { Choice } from "../incident/Choice";
import { InlineForm } from "../manage/InlineForm";

interface FormProps {
  busy: boolean;
  onEnter(body: NewAbsence): void;
  onCancel(): void;
}

export function AbsenceForm({ busy, onEnter, onCancel }: FormProps) {
  const { t } = useTranslation();
  const [draft, setDraft] = useState(emptyAbsence);
  const [isTold, setTold] = useState(false);
  const change = (part: Partial<AbsenceDraft>) => setDraft((before) => ({ ...before, ...part }));
  const fault = faultOf(draft, serverClock.nowMs());
  const submit = () => {
    setTold(true);
    if (fault === null) onEnter(absenceOf(draft));
  };
  return (
    <InlineForm label={t("absences.add")} onSubmit={submit} onCancel={onCancel}>
      <p className="field-hint">{t("absences.explain")}</p>
      <Choice<Reason> name="absence_reason" legend={t("absences.reason")} value={draft.reason} onChange={(reason) => change({ reason })} options={REASONS.map((value) => ({ value, label: t(`absences.reasons.${value}`) }))} />
      <div className="absence-span">
        <label className="field"><span>{t("absences.from")}</span><input type="datetime-local" name="absence_from" value={draft.from} onChange={(event) => change({ from: event.target.value })} /></label>
        <label className="field"><span>{t("absences.to")}</span><input type="datetime-local" name="absence_to" value={draft.to} aria-invalid={(isTold && fault !== null) || undefined} onChange={(event) => change({ to: event.target.value })} /></label>
      </div>
      <p role="alert" className={isTold && fault ? "field-hint field-fault" : "hidden"}>{isTold && fault ? t(`absences.fault.${fault}`) : ""}</p>
      <div className="dialog-foot">
        <button type="button" className="button" onClick={onCancel}>{t("common.cancel")}</button>
        <button type="submit" className="button primary" disabled={busy}>{t("absences.save")}</button>
      </div>
    </InlineForm>
  );
}
