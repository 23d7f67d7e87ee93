/** What an auditor sees: the log, and nothing of the desk. */
import { useTranslation } from "react-i18next";
import { BareFrame } from "../shell/BareFrame";
import AuditSearch from "./AuditSearch";

export function AuditPage() {
  const { t } = useTranslation();
  return <BareFrame title={t("audit.title")} explain={t("audit.explain")}><AuditSearch /></BareFrame>;
}
