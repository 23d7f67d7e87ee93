/** The role logs in with a second factor: nothing is shown or asked before one is there. */
import { useTranslation } from "react-i18next";
import { FactorSetUp } from "../../src/account/FactorSetUp";
import { LanguageButton } from "../../src/i18n/LanguageButton";
import { askWhoIsIn, logOut } from "../session/session";
import { useMe } from "../state/deskStore";
import { pictureOf } from "./picture";

export function SecondFactorPage() {
  const { t } = useTranslation();
  const me = useMe();
  return (
    <main className="login">
      <div className="login-box login-wide">
        <LanguageButton className="quiet login-language" />
        <h1>{t("account.must_add.title")}</h1>
        <p className="muted">{t("account.must_add.explain", { name: me?.display_name, role: me && t(`role.${me.role}`) })}</p>
        <FactorSetUp username={me?.username ?? ""} picture={pictureOf} takesFocus onDone={() => void askWhoIsIn()} />
        <button type="button" className="button quiet" onClick={() => void logOut()}>{t("header.log_out")}</button>
      </div>
    </main>
  );
}
