import { useState } from "react";
import { useTranslation } from "react-i18next";
import { invite } from "../../src/api/family";
import type { InvitationLink, Named } from "../../src/api/types";
import { InlineForm } from "./InlineForm";
import { Outcome } from "./Outcome";
import { useAct } from "./useAct";

interface InviteProps {
  consent: string;
  resident: Named;
  onDone(link: InvitationLink): void;
  onCancel(): void;
}

export function InviteRelative({ consent, resident, onDone, onCancel }: InviteProps) {
  const { t } = useTranslation();
  const act = useAct();
  const [name, setName] = useState("");
  const [relation, setRelation] = useState("");
  const submit = () => void act.run(invite({ consent, display_name: name.trim(), relation: relation.trim() }), onDone);
  return (
    <InlineForm label={t("manage.invite.relative")} onSubmit={submit} onCancel={onCancel}>
      <p className="muted">{t("manage.invite.relative_explain", { resident: resident.name })}</p>
      <label className="field">
        <span>{t("manage.invite.name")}</span>
        <input name="display_name" value={name} autoFocus maxLength={100} autoComplete="off" onChange={(event) => setName(event.target.value)} />
      </label>
      <label className="field">
        <span>{t("manage.invite.relation", { resident: resident.name })}</span>
        <input name="relation" value={relation} maxLength={100} placeholder={t("manage.invite.relation_hint")} autoComplete="off" onChange={(event) => setRelation(event.target.value)} />
      </label>
      <Outcome news={act.news} />
      <div className="dialog-foot">
        <button type="button" className="button" onClick={onCancel}>{t("common.cancel")}</button>
        <button type="submit" className="button primary" disabled={act.busy || name.trim() === "" || relation.trim() === ""}>{t("manage.invite.make")}</button>
      </div>
    </InlineForm>
  );
}
