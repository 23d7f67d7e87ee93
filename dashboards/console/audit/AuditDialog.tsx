/** The same for a supervisor, beside the desk. */
import { Modal } from "antd";
import { useTranslation } from "react-i18next";
import { showDialog } from "../state/deskStore";
import AuditSearch from "./AuditSearch";

export default function AuditDialog() {
  const { t } = useTranslation();
  return (
    <Modal open width={1100} title={t("audit.title")} footer={null} onCancel={() => showDialog(null)}>
      <p className="muted">{t("audit.explain")}</p>
      <AuditSearch />
    </Modal>
  );
}
