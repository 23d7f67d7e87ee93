/** What is to be kept from a relative, and why. The relative is told nothing of it. */
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { Incident } from "../../src/api/types";
import { Choice } from "../incident/Choice";
import { InlineForm } from "./InlineForm";

type Scope = "this" | "all";

interface FormProps {
  name: string;
  incident?: Incident;
  busy: boolean;
  onSubmit(incident: string | null, reason: string): void;
  onCancel(): void;
}

export function WithholdForm({ name, incident, busy, onSubmit, onCancel }: FormProps) {
  const { t } = useTranslation();
  const [scope, setScope] = useState<Scope>(incident ? "this" : "all");
  const [reason, setReason] = useState("");
  const submit = () => onSubmit(scope === "this" && incident ? incident.id : null, reason.trim());
  return (
    <InlineForm label={`${t("manage.family.withhold")}: ${name}`} onSubmit={submit} onCancel={onCancel}>
      <p className="muted">{t("manage.family.withhold_explain", { name })}</p>
      {incident && (
        <Choice<Scope>
          name="scope"
          legend={t("manage.family.scope")}
          value={scope}
          onChange={setScope}
          options={[{ value: "this", label: t("manage.family.kept.this") }, { value: "all", label: t("manage.family.kept.all") }]}
        />
      )}
      <label className="field">
        <span>{t("manage.family.reason")} <small className="muted">{t("common.required")}</small></span>
        <textarea rows={2} value={reason} autoFocus maxLength={1_000} onChange={(event) => setReason(event.target.value)} />
      </label>
      <div className="dialog-foot">
        <button type="button" className="button" onClick={onCancel}>{t("common.cancel")}</button>
        <button type="submit" className="button primary" disabled={busy || reason.trim() === ""}>{t("manage.family.withhold")}</button>
      </div>
    </InlineForm>
  );
}
