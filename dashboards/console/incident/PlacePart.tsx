/** Where somebody is: in words first, and on a map for those who can use one. Both say the same. */
import { lazy, type ReactNode, Suspense, useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Position } from "../../src/api/types";
import { distanceMetres } from "../../src/geo/metres";
import { distanceWords } from "../../src/geo/words";
import { isStale, positionAgeSeconds } from "../../src/incident/position";
import { drawTrack } from "../../src/incident/track";
import type { ResponderMark, Spot } from "../../src/map/features";
import { MapGuard } from "../../src/map/MapGuard";
import { agoWords, timeText, type Translate } from "../../src/time/format";
import { useNow } from "../../src/time/useNow";
import { TrackWords } from "./TrackWords";
import { type TrackOf, useTrack } from "./useTrack";

const MapView = lazy(() => import("../../src/map/MapView"));

const NOBODY: readonly ResponderMark[] = [];

interface PlaceProps {
  position: Position | null;
  home: Spot | null;
  /** Whose track may be asked for; null where none may. */
  trackOf: TrackOf | null;
  /** Those who are on their way, on the map; `children` say so in words. */
  marks?: readonly ResponderMark[];
  children?: ReactNode;
}

export function PlacePart({ position, home, trackOf, marks = NOBODY, children }: PlaceProps) {
  const { t } = useTranslation();
  const now = useNow();
  const stale = position !== null && isStale(position, now);
  const [wantsTrack, setWantsTrack] = useState(false);
  const isDrawn = wantsTrack && trackOf !== null;
  const track = useTrack(trackOf, wantsTrack);
  // Ages are those of the moment at which it came: a line that changes its colours every second says nothing more.
  const drawing = useMemo(() => (isDrawn && track.data ? drawTrack(track.data, track.dataUpdatedAt) : null), [isDrawn, track.data, track.dataUpdatedAt]);
  const words = position ? positionWords(position, home, now, t) : t("position.none");
  return (
    <>
      <p className={position === null || stale ? "position-words stale" : "position-words"}>
        <span aria-hidden="true">{position === null || stale ? "○" : "●"}</span> {words}
      </p>
      {position && (
        <p className="muted">
          {t("position.coordinates", { lat: position.lat.toFixed(5), lon: position.lon.toFixed(5) })} · {t(`position.${position.method}`)} · {timeText(position.fix_time, now)}
        </p>
      )}
      {trackOf && (
        <p className="track-line">
          <button type="button" className="button small" aria-pressed={wantsTrack} onClick={() => setWantsTrack(!wantsTrack)}>{t("track.button")}</button>
        </p>
      )}
      {isDrawn && <TrackWords drawing={drawing} isLoading={track.isLoading} isError={track.isError} now={now} onRetry={() => void track.refetch()} />}
      {children}
      {(position ?? home ?? marks[0] ?? drawing?.pieces[0]) && (
        <MapGuard words={t("map.failed")}>
          <Suspense fallback={<div className="map map-wait">{t("map.loading")}</div>}>
            <MapView person={position} isStale={stale} home={home} track={drawing} responders={marks} words={[words, ...marks.map(({ label }) => label)].join(" · ")} />
          </Suspense>
        </MapGuard>
      )}
    </>
  );
}

function positionWords(position: Position, home: Spot | null, now: number, t: Translate): string {
  const parts = [agoWords(positionAgeSeconds(position, now), t), t("position.accuracy", { n: Math.round(position.accuracy_m) })];
  if (home) {
    const metres = distanceMetres([home.lon, home.lat], [position.lon, position.lat]);
    parts.push(t("position.from_home", { distance: distanceWords(metres, t) }));
  }
  if (isStale(position, now)) parts.push(t("position.stale"));
  return parts.join(" · ");
}
