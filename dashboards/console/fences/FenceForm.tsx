/** A fence, or a zone, as it is drawn and typed. The map beside it shows what it will be. */
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { type Fault, type FenceDraft, faultsOf } from "../../src/fence/draft";
import { Choice } from "../incident/Choice";
import { InlineForm } from "../manage/InlineForm";
import { Outcome } from "../manage/Outcome";
import type { News } from "../manage/useAct";
import { TextField } from "../residents/TextField";
import { ScheduleEditor } from "./ScheduleEditor";
import { ShapeFields } from "./ShapeFields";

interface FormProps {
  title: string;
  /** A zone has neither hours nor a kind. */
  isZone?: boolean;
  draft: FenceDraft;
  change(part: Partial<FenceDraft>): void;
  busy: boolean;
  news: News | null;
  onSubmit(): void;
  onCancel(): void;
}

export function FenceForm({ title, isZone = false, draft, change, busy, news, onSubmit, onCancel }: FormProps) {
  const { t } = useTranslation();
  const [isTold, setTold] = useState(false);
  const faults = faultsOf(draft);
  const fault = (name: string): string => {
    const found = isTold ? faults.find((each: Fault) => each === name || each.startsWith(`${name}_`)) : undefined;
    if (isZone && found === "text_many") return t("zones.file.instead");
    return found ? t(`fences.fault.${found}`) : "";
  };
  const submit = () => {
    setTold(true);
    if (faults.length === 0) onSubmit();
  };
  return (
    <InlineForm label={title} onSubmit={submit} onCancel={onCancel}>
      <TextField name="name" label={t("fences.name")} value={draft.name} isNeeded fault={fault("name")} onChange={(name) => change({ name })} />
      {!isZone && <Choice<"safe" | "forbidden"> name="kind" legend={t("fences.kind")} value={draft.kind} onChange={(kind) => change({ kind })} options={(["safe", "forbidden"] as const).map((value) => ({ value, label: t(`fences.kinds.${value}`) }))} />}
      <ShapeFields draft={draft} fault={fault} change={change} />
      {!isZone && <ScheduleEditor hours={draft.hours} onChange={(hours) => change({ hours })} />}
      {fault("hours") && <p className="field-hint field-fault">{fault("hours")}</p>}
      <div className="record-grid">
        {!isZone && draft.kind === "safe" && <TextField name="home_by" label={t("fences.home_by")} hint={t("fences.home_by_hint")} value={draft.home_by} onChange={(home_by) => change({ home_by })} />}
        <TextField name="dwell" inputMode="decimal" label={t("fences.dwell")} hint={t(isZone ? "fences.dwell_zone" : "fences.dwell_hint")} value={draft.dwell} onChange={(dwell) => change({ dwell })} />
      </div>
      {!isZone && <label className="check"><input type="checkbox" name="armed" checked={draft.armed} onChange={(event) => change({ armed: event.target.checked })} /> {t("fences.armed")}</label>}
      <Outcome news={news?.tone === "bad" ? news : null} />
      <div className="dialog-foot">
        <button type="button" className="button" onClick={onCancel}>{t("common.cancel")}</button>
        <button type="submit" className="button primary" disabled={busy}>{t("fences.save")}</button>
      </div>
    </InlineForm>
  );
}
