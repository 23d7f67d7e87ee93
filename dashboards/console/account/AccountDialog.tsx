/** What everybody may do about their own account, whatever their role. */
import { useQueryClient } from "@tanstack/react-query";
import { Modal } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { showDialog, useMe } from "../state/deskStore";
import { PasswordForm } from "./PasswordForm";
import { SecondFactor } from "./SecondFactor";
import { OWN_SESSIONS, Sessions } from "./Sessions";

export default function AccountDialog() {
  const { t } = useTranslation();
  const me = useMe();
  const queries = useQueryClient();
  const [isChanged, setChanged] = useState(false);
  const changed = () => {
    setChanged(true);
    void queries.invalidateQueries({ queryKey: OWN_SESSIONS });
  };
  return (
    <Modal open width={720} title={t("account.title")} footer={null} onCancel={() => showDialog(null)}>
      <div className="account">
        {me && <p className="muted">{t("account.who", { name: me.display_name, username: me.username, role: t(`role.${me.role}`) })} {me.scope != null && t("manage.users.scope_is", { scope: me.scope })}</p>}
        <Sessions />
        <section aria-labelledby="own-password">
          <h3 id="own-password">{t("account.password")}</h3>
          <p role="status" className={isChanged ? "notice good" : "empty"}>{isChanged ? t("account.changed") : ""}</p>
          <PasswordForm onDone={changed} />
        </section>
        <SecondFactor />
      </div>
    </Modal>
  );
}
