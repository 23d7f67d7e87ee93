/** The frame of a page without a desk: who it is, their account, the way out. */
import { lazy, type ReactNode, Suspense } from "react";
import { useTranslation } from "react-i18next";
import { LanguageButton } from "../../src/i18n/LanguageButton";
import { AccountButton } from "../account/AccountButton";
import { logOut } from "../session/session";
import { useDesk } from "../state/deskStore";

const AccountDialog = lazy(() => import("../account/AccountDialog"));

export function BareFrame({ title, explain, children }: { title: string; explain: string; children?: ReactNode }) {
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
        <h2>{title}</h2>
        <p className="muted">{explain}</p>
        {children}
      </main>
      <Suspense fallback={null}>{dialog === "account" && <AccountDialog />}</Suspense>
    </>
  );
}
