/** What is known of a station. */
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { Station, StationRecord } from "../../src/api/types";
import { draftOf, placeTyped, recordOf, type StationDraft, type StationFaults, stationFaults } from "../../src/station/draft";
import { TextField } from "../residents/TextField";
import { HoursField } from "./HoursField";
import { InlineForm } from "./InlineForm";
import { Outcome } from "./Outcome";
import { SkillsField } from "./SkillsField";
import type { News } from "./useAct";

interface FormProps {
  /** Null: a new one. */
  station: Station | null;
  taken: readonly string[];
  busy: boolean;
  news: News | null;
  onSubmit(id: string, record: StationRecord): void;
  onCancel(): void;
}

export function StationForm({ station, taken, busy, news, onSubmit, onCancel }: FormProps) {
  const { t } = useTranslation();
  const [draft, setDraft] = useState<StationDraft>(() => draftOf(station));
  const [isTold, setTold] = useState(false);
  const faults = stationFaults(draft, taken);
  const change = (part: Partial<StationDraft>) => setDraft((before) => ({ ...before, ...part }));
  const fault = (field: keyof StationFaults): string => {
    const found = isTold ? faults[field] : undefined;
    return found ? t(`stations.fault.${found.kind}`, found.values) : "";
  };
  const submit = () => {
    setTold(true);
    if (Object.keys(faults).length === 0) onSubmit(draft.id.trim(), recordOf(draft));
  };
  return (
    <InlineForm label={station ? t("stations.correct_whose", { name: station.name }) : t("stations.add")} onSubmit={submit} onCancel={onCancel}>
      <div className="record-grid">
        <TextField name="name" label={t("stations.name")} value={draft.name} isNeeded fault={fault("name")} onChange={(name) => change({ name })} />
        <TextField name="telephone" type="tel" label={t("stations.telephone")} value={draft.telephone} isNeeded fault={fault("telephone")} onChange={(telephone) => change({ telephone })} />
        <TextField name="lat" inputMode="decimal" label={t("stations.lat")} placeholder="33.9631" value={draft.lat} isNeeded fault={fault("place")} onChange={(typed) => change(placeTyped(typed))} />
        <TextField name="lon" inputMode="decimal" label={t("stations.lon")} placeholder="118.2769" value={draft.lon} isNeeded onChange={(lon) => change({ lon })} />
      </div>
      <p className="field-hint">{t("stations.place_hint")}</p>
      <HoursField hours={draft.hours} fault={fault("hours")} onChange={(hours) => change({ hours })} />
      <SkillsField skills={draft.skills} onChange={(skills) => change({ skills })} />
      {!station && <TextField name="id" label={t("stations.id")} value={draft.id} hint={t("stations.id_hint")} fault={fault("id")} onChange={(id) => change({ id })} />}
      {!station && (
        <label className="check">
          <input type="checkbox" checked={draft.on_duty} onChange={(event) => change({ on_duty: event.target.checked })} /> {t("stations.on_duty")}
        </label>
      )}
      <Outcome news={news?.tone === "bad" ? news : null} />
      <div className="dialog-foot">
        <button type="button" className="button" onClick={onCancel}>{t("common.cancel")}</button>
        <button type="submit" className="button primary" disabled={busy}>{t(station ? "stations.save" : "stations.save_new")}</button>
      </div>
    </InlineForm>
  );
}
