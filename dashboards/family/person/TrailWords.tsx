/** The way of today in words, for everybody who cannot use the line on the map; and what the line's colours mean. */
import { useTranslation } from "react-i18next";
import { distanceWords } from "../../src/geo/words";
import { ageSeconds, agoWords, minuteText } from "../../src/time/format";
import type { Trail } from "./useTrail";

export function TrailWords({ trail: { drawing, isCovered, battery, isError, retry }, now }: { trail: Trail; now: number }) {
  const { t } = useTranslation();
  if (!isCovered) return <p className="muted" role="status">{t("trail.not_covered")}</p>;
  if (!drawing) {
    if (!isError) return <p className="muted" role="status">{t("trail.loading")}</p>;
    return <p role="alert">{t("trail.failed")} <button type="button" className="button" onClick={retry}>{t("trail.retry")}</button></p>;
  }
  const { first, last, metres, fixes, unsure } = drawing;
  if (first === null || last === null) return <p className="muted" role="status">{t("trail.none")}</p>;
  return (
    <div className="trail-words" role="status" data-testid="trail">
      <p>{t("trail.words", { first: minuteText(first, now), last: minuteText(last, now), n: fixes, distance: distanceWords(metres, t) })}</p>
      {battery && <p>{t("status.battery", { n: battery.percent, ago: agoWords(ageSeconds(battery.at, now), t) })}</p>}
      {unsure > 0 && <p className="muted">{t("trail.unsure")}</p>}
      <p className="muted"><span className="track-bar" aria-hidden="true" /> {t("trail.key")}</p>
    </div>
  );
}
