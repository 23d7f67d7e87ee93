/** The own account, whatever the role. */
import { Modal } from "antd";
import { useTranslation } from "react-i18next";
import { AccountParts } from "../../src/account/AccountParts";
import type { Question } from "../../src/account/OwnSessions";
import { askWhoIsIn } from "../session/session";
import { showDialog, useMe } from "../state/deskStore";
import { pictureOf } from "./picture";

export default function AccountDialog() {
  const { t } = useTranslation();
  const me = useMe();
  const ask = ({ title, what, yes, onYes }: Question) =>
    void Modal.confirm({ title, content: what, okText: yes, cancelText: t("common.cancel"), autoFocusButton: "cancel", onOk: onYes });
  return (
    <Modal open width={720} title={t("account.title")} footer={null} onCancel={() => showDialog(null)}>
      {me && (
        <div className="own-account">
          <p className="muted">{t("account.who", { name: me.display_name, username: me.username, role: t(`role.${me.role}`) })} {me.scope != null && t("manage.users.scope_is", { scope: me.scope })}</p>
          <AccountParts me={me} ask={ask} picture={pictureOf} onChanged={() => void askWhoIsIn()} />
        </div>
      )}
    </Modal>
  );
}
