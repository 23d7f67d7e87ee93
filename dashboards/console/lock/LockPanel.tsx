/** Stands in the desk's place while the screen is locked: how many wait, never who or where. The alarm goes on. */
import { useTranslation } from "react-i18next";
import { LanguageButton } from "../../src/i18n/LanguageButton";
import { logOut } from "../session/session";
import { Banners } from "../shell/Banners";
import { confirmLeaving } from "../shell/confirmLeaving";
import { useMe } from "../state/deskStore";
import { UnlockForm } from "./UnlockForm";
import { WaitingWords } from "./WaitingWords";

export function LockPanel() {
  const { t } = useTranslation();
  const me = useMe();
  const hasQueue = me?.role !== "auditor";
  return (
    <div className="lock">
      {hasQueue && <Banners />}
      <main className="lock-main">
        <div className="login-box lock-box">
          <LanguageButton className="quiet login-language" />
          <h1>{t("lock.title")}</h1>
          <p className="muted">{t("lock.explain", { name: me?.display_name })}</p>
          {hasQueue && <WaitingWords />}
          <UnlockForm username={me?.username ?? ""} />
          <button type="button" className="button quiet" onClick={() => confirmLeaving("log_out", () => void logOut())}>{t("header.log_out")}</button>
        </div>
      </main>
    </div>
  );
}
