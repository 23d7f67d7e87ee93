import { type ReactNode, type Ref, useId } from "react";
import { useTranslation } from "react-i18next";

interface FieldProps {
  id?: string;
  name: string;
  label: ReactNode;
  value: string;
  onChange(value: string): void;
  fault?: string;
  hint?: string;
  isNeeded?: boolean;
  type?: "text" | "date" | "tel" | "email";
  inputMode?: "text" | "tel" | "decimal" | "numeric";
  placeholder?: string;
  max?: string;
  disabled?: boolean;
  ref?: Ref<HTMLInputElement>;
}

/** A line to be typed. What is wrong with it stands under it, and is read with it. */
export function TextField({ name, label, value, onChange, fault = "", hint = "", isNeeded = false, type = "text", ref, ...more }: FieldProps) {
  const { t } = useTranslation();
  const about = useId();
  return (
    <div data-fault={fault !== "" || undefined}>
      <label className="field">
        <span>{label} {isNeeded && <small className="muted">{t("common.required")}</small>}</span>
        <input
          ref={ref} name={name} type={type} value={value} autoComplete="off" aria-invalid={fault !== "" || undefined} aria-required={isNeeded || undefined}
          aria-describedby={fault || hint ? about : undefined} onChange={(event) => onChange(event.target.value)} {...more}
        />
      </label>
      {(fault || hint) && <p id={about} className="field-hint">{hint} {fault && <span className="field-fault">{fault}</span>}</p>}
    </div>
  );
}
