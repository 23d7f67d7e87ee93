import { useState } from "react";
import { useTranslation } from "react-i18next";
import { claimHandset } from "../../src/api/manage";
import type { HandsetClaim } from "../../src/api/types";
import { InlineForm } from "./InlineForm";
import { Outcome } from "./Outcome";
import { useAct } from "./useAct";

interface AddProps {
  onDone(claim: HandsetClaim): void;
  onCancel(): void;
}

export function AddHandset({ onDone, onCancel }: AddProps) {
  const { t } = useTranslation();
  const act = useAct();
  const [id, setId] = useState("");
  const submit = () => void act.run(claimHandset(id.trim()), onDone);
  return (
    <InlineForm label={t("manage.handsets.add")} onSubmit={submit} onCancel={onCancel}>
      <p className="muted">{t("manage.handsets.add_explain")}</p>
      <label className="field">
        <span>{t("manage.handsets.id")} <small className="muted">{t("manage.handsets.id_rules")}</small></span>
        <input
          name="handset" value={id} autoFocus required maxLength={64} pattern="[A-Za-z0-9._:\-]+" title={t("manage.handsets.id_rules")}
          autoComplete="off" autoCapitalize="none" spellCheck={false} onChange={(event) => setId(event.target.value)}
        />
      </label>
      <Outcome news={act.news} />
      <div className="dialog-foot">
        <button type="button" className="button" onClick={onCancel}>{t("common.cancel")}</button>
        <button type="submit" className="button primary" disabled={act.busy || id.trim() === ""}>{t("manage.handsets.make_code")}</button>
      </div>
    </InlineForm>
  );
}
