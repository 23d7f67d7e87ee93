/** Somebody to be on call: who, on which days, from when to when, and by which number. */
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { RosterEntry, RosterItem } from "../../src/api/types";
import { draftOf, entryOf, type RosterDraft, type RosterFaults, rosterFaults, toggled, WAYS, type Way } from "../../src/roster/draft";
import { DAYS, type Day } from "../../src/roster/week";
import { Choice } from "../incident/Choice";
import { InlineForm } from "../manage/InlineForm";
import { TextField } from "../residents/TextField";

interface FormProps {
  /** Null: a new one. */
  item: RosterItem | null;
  counted: readonly string[];
  busy: boolean;
  onSubmit(entry: RosterEntry): void;
  onCancel(): void;
}

export function RosterForm({ item, counted, busy, onSubmit, onCancel }: FormProps) {
  const { t } = useTranslation();
  const [draft, setDraft] = useState<RosterDraft>(() => draftOf(item));
  const [isTold, setTold] = useState(false);
  const faults = rosterFaults(draft);
  const change = (part: Partial<RosterDraft>) => setDraft((before) => ({ ...before, ...part }));
  const fault = (field: keyof RosterFaults): string => {
    const found = isTold ? faults[field] : undefined;
    return found ? t(`roster.fault.${found.kind}`, found.values) : "";
  };
  const submit = () => {
    setTold(true);
    if (Object.keys(faults).length === 0) onSubmit(entryOf(draft));
  };
  const isLetter = draft.channel === "email";
  return (
    <InlineForm label={item ? t("roster.edit_whose", { name: item.name }) : t("roster.add")} onSubmit={submit} onCancel={onCancel}>
      <TextField name="name" label={t("roster.name")} placeholder={t("roster.name_hint")} value={draft.name} isNeeded fault={fault("name")} onChange={(name) => change({ name })} />
      <DaysField days={draft.days} fault={fault("days")} onChange={(days) => change({ days })} />
      <div className="record-grid">
        <TextField name="from" inputMode="numeric" placeholder="08:00" label={t("roster.from")} value={draft.from} isNeeded fault={fault("from")} onChange={(from) => change({ from })} />
        <TextField name="to" inputMode="numeric" placeholder="20:00" label={t("roster.to")} value={draft.to} isNeeded hint={t("roster.to_hint")} fault={fault("to")} onChange={(to) => change({ to })} />
      </div>
      <Choice<Way> name="channel" legend={t("roster.channel")} value={draft.channel} onChange={(channel) => change({ channel })} options={WAYS.map((value) => ({ value, label: t(`channel.${value}`) }))} />
      {!counted.includes(draft.channel) && <p className="notice warn">{t(isLetter ? "roster.email_hint" : "roster.untested")}</p>}
      <TextField
        name="address" type={isLetter ? "email" : "tel"} label={t(isLetter ? "roster.email" : "roster.telephone")} value={draft.address} isNeeded
        hint={t(item ? "roster.address_again" : "roster.address_hint")} fault={fault("address")} onChange={(address) => change({ address })}
      />
      <div className="dialog-foot">
        <button type="button" className="button" onClick={onCancel}>{t("common.cancel")}</button>
        <button type="submit" className="button primary" disabled={busy}>{t(item ? "roster.save" : "roster.save_new")}</button>
      </div>
    </InlineForm>
  );
}

const SETS = { every_day: DAYS, weekdays: DAYS.slice(0, 5), weekend: DAYS.slice(5) } as const;

function DaysField({ days, fault, onChange }: { days: readonly Day[]; fault: string; onChange(days: readonly Day[]): void }) {
  const { t } = useTranslation();
  return (
    <fieldset className="choice" data-fault={fault !== "" || undefined}>
      <legend>{t("roster.days")} <small className="muted">{t("common.required")}</small></legend>
      <div className="choice-options">
        {DAYS.map((day) => (
          <label key={day} className={days.includes(day) ? "choice-option chosen" : "choice-option"}>
            <input type="checkbox" name={day} checked={days.includes(day)} onChange={() => onChange(toggled(days, day))} /> {t(`week.${day}`)}
          </label>
        ))}
      </div>
      <p className="row-acts">
        {(["every_day", "weekdays", "weekend"] as const).map((set) => <button key={set} type="button" className="button small" onClick={() => onChange(SETS[set])}>{t(`roster.${set}`)}</button>)}
      </p>
      <p role="alert" className={fault ? "field-hint" : "hidden"}><span className="field-fault">{fault}</span></p>
    </fieldset>
  );
}
