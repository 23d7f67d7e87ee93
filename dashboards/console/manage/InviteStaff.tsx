import { useState } from "react";
import { useTranslation } from "react-i18next";
import { invite } from "../../src/api/family";
import type { InvitationLink } from "../../src/api/types";
import { isScoped, scopeFault, scopeOf } from "../../src/resident/scope";
import { Choice } from "../incident/Choice";
import { useMe } from "../state/deskStore";
import { DivisionField } from "./DivisionField";
import { InlineForm } from "./InlineForm";
import { Outcome } from "./Outcome";
import { StationField } from "./StationField";
import { useAct } from "./useAct";

/** A relative is invited on a consent, not here. The last one is a program, such as a telephone exchange. */
const ROLES = ["operator", "supervisor", "station", "auditor", "admin", "service"] as const;
type StaffRole = (typeof ROLES)[number] | "";

interface InviteProps {
  onDone(link: InvitationLink): void;
  onCancel(): void;
}

export function InviteStaff({ onDone, onCancel }: InviteProps) {
  const { t } = useTranslation();
  const act = useAct();
  const own = useMe()?.scope ?? null;
  const [role, setRole] = useState<StaffRole>("");
  const [name, setName] = useState("");
  const [typed, setTyped] = useState(own ?? "");
  const [station, setStation] = useState("");
  const [isTold, setTold] = useState(false);
  const fault = isScoped(role) ? scopeFault(own, typed) : null;
  const submit = () => {
    setTold(true);
    // Whoever has a scope gives nobody a wider one, whatever the role.
    const scope = isScoped(role) ? scopeOf(typed) : own;
    if (role !== "" && fault === null) void act.run(invite({ role, display_name: name.trim(), scope, ...(role === "station" && station !== "" ? { station } : {}) }), onDone);
  };
  return (
    <InlineForm label={t("manage.users.invite")} onSubmit={submit} onCancel={onCancel}>
      <Choice<StaffRole> name="role" legend={t("manage.users.role")} value={role} onChange={setRole} options={ROLES.map((value) => ({ value, label: t(`role.${value}`) }))} />
      <label className="field">
        <span>{t("manage.invite.name")}</span>
        <input name="display_name" value={name} maxLength={100} autoComplete="off" onChange={(event) => setName(event.target.value)} />
      </label>
      {isScoped(role) && (
        <>
          <DivisionField
            label={<>{t("manage.users.scope")} <small className="muted">{t("manage.users.scope_empty")}</small></>} value={typed} onChange={setTyped}
            fault={isTold && fault !== null ? t(`manage.residents.fault.${fault}`, { scope: own }) : ""}
          />
          <p className="field-hint">{t("manage.users.scope_explain")}</p>
        </>
      )}
      {role === "service" && <p className="field-hint">{t("program.invite")}</p>}
      {role === "station" && <StationField value={station} onChange={setStation} none={t("stations.nowhere")} />}
      <p className="muted field-hint">{t("manage.users.relatives_elsewhere")}</p>
      <Outcome news={act.news} />
      <div className="dialog-foot">
        <button type="button" className="button" onClick={onCancel}>{t("common.cancel")}</button>
        <button type="submit" className="button primary" disabled={act.busy || role === "" || name.trim() === ""}>{t("manage.invite.make")}</button>
      </div>
    </InlineForm>
  );
}
