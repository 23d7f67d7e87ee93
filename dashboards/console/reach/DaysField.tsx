import { useTranslation } from "react-i18next";
import { toggled } from "../../src/roster/draft";
import { DAYS, type Day } from "../../src/roster/week";

const SETS = { every_day: DAYS, weekdays: DAYS.slice(0, 5), weekend: DAYS.slice(5) } as const;

interface FieldProps {
  days: readonly Day[];
  fault: string;
  onChange(days: readonly Day[]): void;
}

/** On which days hours begin. */
export function DaysField({ days, fault, onChange }: FieldProps) {
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
