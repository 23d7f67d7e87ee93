/** Nobody is shown: why, and what to do about it. */
import { useTranslation } from "react-i18next";
import { askForAll } from "../live/whom";
import { useFamily } from "../state/store";

export function AccessWords() {
  const { t } = useTranslation();
  const access = useFamily((family) => family.access);
  if (access === "asking") return <p className="nothing" role="status">{t("access.asking")}</p>;
  if (access === "unreached") {
    return (
      <div className="nothing">
        <p role="alert"><strong>{t("access.unreached")}</strong></p>
        <p><button type="button" className="button primary big" onClick={() => void askForAll(true)}>{t("access.retry")}</button></p>
      </div>
    );
  }
  const why = access === "ended" ? "ended" : "nobody";
  return (
    <div className="nothing" data-testid="access" data-access={why}>
      <div role={why === "ended" ? "alert" : undefined}><h2>{t(`access.${why}`)}</h2></div>
      <p className="muted">{t(`access.${why}_what`)}</p>
    </div>
  );
}
