/** Who looks, the state of the link, the language, the way out. */
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { Session } from "../../src/api/types";
import { LanguageButton } from "../../src/i18n/LanguageButton";
import { LinkMark } from "../../src/live/LinkMark";
import { logOut } from "../session/session";
import { useFamily } from "../state/store";

export function Header({ me }: { me: Session }) {
  const { t } = useTranslation();
  const kind = useFamily((family) => family.link.kind);
  const [failed, setFailed] = useState(false);
  const leave = async () => setFailed(!(await logOut()));
  return (
    <header className="header">
      <div className="header-who">
        <h1 className="brand">{t("app.title")}</h1>
        <span className="header-name">{me.display_name}</span>
      </div>
      <LinkMark kind={kind} />
      <div className="header-actions">
        <LanguageButton className="on-dark" />
        <button type="button" className="button on-dark" onClick={() => void leave()}>{t("header.log_out")}</button>
      </div>
      {failed && <p role="alert" className="header-failed">{t("header.log_out_failed")}</p>}
    </header>
  );
}
