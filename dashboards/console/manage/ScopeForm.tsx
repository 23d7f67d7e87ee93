/** Whose residents an account is for: everybody's, or those of one division. */
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { User } from "../../src/api/types";
import { scopeFault, scopeOf } from "../../src/resident/scope";
import { Choice } from "../incident/Choice";
import { useMe } from "../state/deskStore";
import { DivisionField } from "./DivisionField";
import { InlineForm } from "./InlineForm";

type Reach = "all" | "one";

interface FormProps {
  user: User;
  busy: boolean;
  onSubmit(scope: string | null): void;
  onCancel(): void;
}

export function ScopeForm({ user, busy, onSubmit, onCancel }: FormProps) {
  const { t } = useTranslation();
  const own = useMe()?.scope ?? null;
  const [reach, setReach] = useState<Reach>(own === null && user.scope == null ? "all" : "one");
  const [typed, setTyped] = useState(user.scope ?? own ?? "");
  const [isTold, setTold] = useState(false);
  const code = reach === "all" ? "" : typed;
  const fault = reach === "one" && scopeOf(typed) === null ? "division" : scopeFault(own, code);
  const submit = () => {
    setTold(true);
    if (fault === null) onSubmit(scopeOf(code));
  };
  return (
    <InlineForm label={t("manage.users.scope")} onSubmit={submit} onCancel={onCancel}>
      <p className="muted">{t("manage.users.scope_explain")}</p>
      {own === null && (
        <Choice<Reach>
          name="reach"
          legend={t("manage.users.scope")}
          value={reach}
          onChange={setReach}
          options={[{ value: "all", label: t("manage.users.scope_all") }, { value: "one", label: t("manage.users.scope_one") }]}
        />
      )}
      {reach === "one" && (
        <DivisionField
          label={t("manage.division.code")} value={typed} onChange={setTyped} takesFocus
          fault={isTold && fault !== null ? t(`manage.residents.fault.${fault}`, { scope: own }) : ""}
        />
      )}
      <div className="dialog-foot">
        <button type="button" className="button" onClick={onCancel}>{t("common.cancel")}</button>
        <button type="submit" className="button primary" disabled={busy}>{t("manage.users.scope_save")}</button>
      </div>
    </InlineForm>
  );
}
