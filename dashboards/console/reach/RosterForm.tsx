/** Somebody to be on call: who, on which days, from when to when, and by which number. */
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { RosterEntry, RosterItem } from "../../src/api/types";
import { draftOf, entryOf, type RosterDraft, type RosterFaults, rosterFaults, WAYS, type Way } from "../../src/roster/draft";
import { Choice } from "../incident/Choice";
import { InlineForm } from "../manage/InlineForm";
import { TextField } from "../residents/TextField";
import { DaysField } from "./DaysField";

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
