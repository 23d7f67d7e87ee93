/** The code of a division: what its length says is told while it is typed. */
import { type ReactNode, useId } from "react";
import { useTranslation } from "react-i18next";
import { divisionCode, divisionLevel } from "../../src/resident/division";

interface DivisionProps {
  label: ReactNode;
  value: string;
  onChange(code: string): void;
  fault?: string;
  takesFocus?: boolean;
}

export function DivisionField({ label, value, onChange, fault = "", takesFocus = false }: DivisionProps) {
  const { t } = useTranslation();
  const hint = useId();
  const level = divisionLevel(divisionCode(value));
  return (
    <div data-fault={fault !== "" || undefined}>
      <label className="field">
        <span>{label}</span>
        <input
          name="division" value={value} inputMode="numeric" autoComplete="off" maxLength={20} autoFocus={takesFocus} aria-describedby={hint} aria-invalid={fault !== "" || undefined}
          onChange={(event) => onChange(event.target.value)}
        />
      </label>
      <p id={hint} className="field-hint">
        {t("manage.division.rules")} {level && <strong>{t("manage.division.is", { level: t(`manage.division.${level}`) })}</strong>}
        {fault && <span className="field-fault">{fault}</span>}
      </p>
    </div>
  );
}
