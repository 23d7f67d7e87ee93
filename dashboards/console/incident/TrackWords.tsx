/** The track in words, for everybody who cannot use the line on the map; and what the line's colours mean. */
import { useTranslation } from "react-i18next";
import type { TrackDrawing } from "../../src/incident/track";
import { timeText } from "../../src/time/format";

interface TrackWordsProps {
  drawing: TrackDrawing | null;
  isLoading: boolean;
  isError: boolean;
  now: number;
  onRetry(): void;
}

export function TrackWords({ drawing, isLoading, isError, now, onRetry }: TrackWordsProps) {
  const { t } = useTranslation();
  if (isLoading) return <p className="muted" role="status">{t("track.loading")}</p>;
  if (isError) {
    return <p role="alert">{t("track.failed")} <button type="button" className="button small" onClick={onRetry}>{t("incident.retry")}</button></p>;
  }
  if (!drawing) return null;
  if (drawing.first === null || drawing.last === null) return <p className="muted" role="status">{t("track.none")}</p>;
  const distance = drawing.metres >= 1000 ? t("distance.kilometres", { n: (drawing.metres / 1000).toFixed(1) }) : t("distance.metres", { n: Math.round(drawing.metres) });
  return (
    <div className="track-words" role="status">
      <p>{t("track.words", { first: timeText(drawing.first, now), last: timeText(drawing.last, now), n: drawing.fixes, distance })}</p>
      {drawing.unsure > 0 && <p className="muted">{t("track.unsure")}</p>}
      <p className="muted track-key"><span className="track-bar" aria-hidden="true" /> {t("track.key")}</p>
    </div>
  );
}
