/** Switches to the other language; named in that language, for whoever reads no other. */
import { useTranslation } from "react-i18next";
import { switchLanguage } from "./language";

export function LanguageButton({ className }: { className: string }) {
  const { t } = useTranslation();
  const other = t("app.language");
  return <button type="button" className={`button ${className}`} lang={other === "English" ? "en" : "zh-Hans"} onClick={switchLanguage}>{other}</button>;
}
