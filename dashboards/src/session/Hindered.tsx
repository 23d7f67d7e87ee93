/** Something stands before this page. The console's pages do it; this one goes on once it is done. */
import { useTranslation } from "react-i18next";
import type { Hindrance } from "./hindrance";

interface HinderedProps {
  by: Hindrance;
  onDone(): void;
  onLogOut(): void;
}

export function Hindered({ by, onDone, onLogOut }: HinderedProps) {
  const { t } = useTranslation();
  return (
    <main className="splash" data-testid="hindrance">
      <h1>{t("app.title")}</h1>
      <p role="alert">{t(`hindrance.${by}`)}</p>
      {by !== "role" && <p className="muted">{t("hindrance.warning")}</p>}
      <a className="button primary big" href="/">{t(`hindrance.go.${by}`)}</a>
      {by !== "role" && <button type="button" className="button big" onClick={onDone}>{t("hindrance.again")}</button>}
      <button type="button" className="button big" onClick={onLogOut}>{t("header.log_out")}</button>
    </main>
  );
}
