import { useTranslation } from "react-i18next";
import { DAYS } from "../../src/roster/week";
import type { HoursDraft } from "../../src/station/draft";
import { SPANS } from "../../src/station/hours";
import { DaysField } from "../reach/DaysField";
import { TextField } from "../residents/TextField";

interface FieldProps {
  hours: readonly HoursDraft[];
  fault: string;
  onChange(hours: readonly HoursDraft[]): void;
}

/** As most stations work. */
const WEEKDAYS: HoursDraft = { days: DAYS.slice(0, 5), from: "08:00", to: "18:00" };

/** When somebody works at a station: hours of some days, span by span; none is always. */
export function HoursField({ hours, fault, onChange }: FieldProps) {
  const { t } = useTranslation();
  const change = (place: number, part: Partial<HoursDraft>) => onChange(hours.map((each, n) => (n === place ? { ...each, ...part } : each)));
  return (
    <fieldset className="choice" data-fault={fault !== "" || undefined} data-testid="station-hours">
      <legend>{t("stations.hours")}</legend>
      <p className="field-hint">{t("stations.always_hint")}</p>
      {hours.map((each, n) => (
        <div key={n} className="station-span" role="group" aria-label={t("stations.span", { n: n + 1 })}>
          <DaysField days={each.days} fault="" onChange={(days) => change(n, { days })} />
          <div className="record-grid">
            <TextField name={`from-${n}`} inputMode="numeric" placeholder="08:00" label={t("roster.from")} value={each.from} isNeeded onChange={(from) => change(n, { from })} />
            <TextField name={`to-${n}`} inputMode="numeric" placeholder="18:00" label={t("roster.to")} value={each.to} isNeeded hint={t("roster.to_hint")} onChange={(to) => change(n, { to })} />
          </div>
          <button type="button" className="button small" onClick={() => onChange(hours.filter((_each, place) => place !== n))}>{t("stations.span_remove", { n: n + 1 })}</button>
        </div>
      ))}
      <p className="row-acts">
        <button type="button" className="button small" disabled={hours.length >= SPANS} onClick={() => onChange([...hours, WEEKDAYS])}>{t("stations.span_add")}</button>
      </p>
      <p role="alert" className={fault ? "field-hint" : "hidden"}><span className="field-fault">{fault}</span></p>
    </fieldset>
  );
}
