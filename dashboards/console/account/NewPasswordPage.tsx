/** Somebody else chose the password, and may know it: nothing is shown or asked before it is changed. */
import { useTranslation } from "react-i18next";
import { switchLanguage } from "../i18n";
import { askWhoIsIn, logOut } from "../session/session";
import { useMe } from "../state/deskStore";
import { PasswordForm } from "./PasswordForm";

export function NewPasswordPage() {
  const { t } = useTranslation();
  const me = useMe();
  return (
    <main className="login">
      <div className="login-box">
        <button type="button" className="button quiet login-language" lang={t("app.language") === "English" ? "en" : "zh-Hans"} onClick={switchLanguage}>
          {t("app.language")}
        </button>
        <h1>{t("account.must.title")}</h1>
        <p className="muted">{t("account.must.explain", { name: me?.display_name })}</p>
        <PasswordForm onDone={() => void askWhoIsIn()} />
        <button type="button" className="button quiet" onClick={() => void logOut()}>{t("header.log_out")}</button>
      </div>
    </main>
  );
}
