/** What an auditor sees: the log, and nothing of the desk. */
import { lazy, Suspense } from "react";
import { useTranslation } from "react-i18next";
import { AccountButton } from "../account/AccountButton";
import { LanguageButton } from "../../src/i18n/LanguageButton";
import { logOut } from "../session/session";
import { useDesk } from "../state/deskStore";
import AuditSearch from "./AuditSearch";

const AccountDialog = lazy(() => import("../account/AccountDialog"));

export function AuditPage() {
  const { t } = useTranslation();
  const dialog = useDesk((desk) => desk.dialog);
  return (
    <>
      <header className="header">
        <h1 className="brand">{t("app.title")}</h1>
        <div className="header-actions">
          <LanguageButton className="on-dark" />
          <AccountButton />
          <button type="button" className="button on-dark" onClick={() => void logOut()}>{t("header.log_out")}</button>
        </div>
      </header>
      <main className="audit">
        <h2>{t("audit.title")}</h2>
        <p className="muted">{t("audit.explain")}</p>
        <AuditSearch />
      </main>
      <Suspense fallback={null}>{dialog === "account" && <AccountDialog />}</Suspense>
    </>
  );
}
