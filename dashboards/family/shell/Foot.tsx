/** The own account, the language and the way out. */
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { LanguageButton } from "../../src/i18n/LanguageButton";
import { logOut } from "../session/session";

interface FootProps {
  /** The own account stands in the place of how they are. */
  isOwn: boolean;
  onTurn(own: boolean): void;
}

export function Foot({ isOwn, onTurn }: FootProps) {
  const { t } = useTranslation();
  const [failed, setFailed] = useState(false);
  const leave = async () => setFailed(!(await logOut()));
  return (
    <footer className="foot">
      {failed && <p role="alert" className="failed">{t("header.log_out_failed")}</p>}
      <button type="button" className="button big" onClick={() => onTurn(!isOwn)}>{t(isOwn ? "account.back" : "account.title")}</button>
      <LanguageButton className="big" />
      <button type="button" className="button big" onClick={() => void leave()}>{t("header.log_out")}</button>
    </footer>
  );
}
