/** Who sits here; it opens their account. */
import { useTranslation } from "react-i18next";
import { showDialog, useMe } from "../state/deskStore";

export function AccountButton() {
  const { t } = useTranslation();
  const me = useMe();
  if (!me) return null;
  return (
    <button type="button" className="button on-dark person" aria-haspopup="dialog" onClick={() => showDialog("account")}>
      {me.display_name}
      <small>{t(`role.${me.role}`)} · {t("account.title")}</small>
    </button>
  );
}
