/** Somebody else chose the password, and may know it: nothing is shown or asked before it is changed. */
import { useTranslation } from "react-i18next";
import { PasswordForm } from "../../src/account/PasswordForm";
import { LanguageButton } from "../../src/i18n/LanguageButton";
import { askWhoIsIn, logOut } from "../session/session";
import { useMe } from "../state/deskStore";

export function NewPasswordPage() {
  const { t } = useTranslation();
  const me = useMe();
  return (
    <main className="login">
      <div className="login-box">
        <LanguageButton className="quiet login-language" />
        <h1>{t("account.must.title")}</h1>
        <p className="muted">{t("account.must.explain", { name: me?.display_name })}</p>
        {me && <PasswordForm me={me} onDone={() => void askWhoIsIn()} />}
        <button type="button" className="button quiet" onClick={() => void logOut()}>{t("header.log_out")}</button>
      </div>
    </main>
  );
}
