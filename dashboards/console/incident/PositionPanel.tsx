/** Where: in words first, and on a map for those who can use one. Both say the same. */
import { lazy, Suspense, useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Incident, Position } from "../../src/api/types";
import { distanceMetres } from "../../src/geo/metres";
import { distanceWords } from "../../src/geo/words";
import { isStale, positionAgeSeconds, shownPosition } from "../../src/incident/position";
import { isResponderStale, respondersOf } from "../../src/incident/responders";
import { drawTrack } from "../../src/incident/track";
import { ageSeconds, agoWords, timeText, type Translate } from "../../src/time/format";
import { useNow } from "../../src/time/useNow";
import { MapGuard } from "../../src/map/MapGuard";
import { ResponderLine } from "../dispatch/ResponderLine";
import { useLive } from "../state/liveStore";
import { useResidentCard } from "./ResidentPanel";
import { TrackWords } from "./TrackWords";
import { useTrack } from "./useTrack";

const MapView = lazy(() => import("../../src/map/MapView"));

export function PositionPanel({ incident }: { incident: Incident }) {
  const { t } = useTranslation();
  const now = useNow();
  const live = useLive((state) => (incident.handset ? state.positions[incident.handset] : undefined));
  const card = useResidentCard(incident);
  const position = shownPosition(incident, live);
  const home = card.data?.home ?? null;
  const stale = position !== null && isStale(position, now);
  const [wantsTrack, setWantsTrack] = useState(false);
  const hasTrack = incident.resident != null && incident.state !== "closed";
  const track = useTrack(incident, wantsTrack && hasTrack);
  // Ages are those of the moment at which it came: a line that changes its colours every second says nothing more.
  const drawing = useMemo(() => (wantsTrack && hasTrack && track.data ? drawTrack(track.data, track.dataUpdatedAt) : null), [wantsTrack, hasTrack, track.data, track.dataUpdatedAt]);
  const known = useLive((state) => state.responders);
  const responders = respondersOf(incident, known);
  const marks = responders.map((one) => ({
    ...one.position, key: one.task, isStale: isResponderStale(one, now), label: t("responder.mark", { station: one.station.name, age: agoWords(ageSeconds(one.position.at, now), t) }),
  }));
  const words = position ? positionWords(position, home, now, t) : t("position.none");
  return (
    <section className="panel area-position" aria-labelledby="position-title" data-testid="position">
      <h3 id="position-title">{t("position.title")} {incident.drill && <span className="badge drill">{t("queue.drill")}</span>}</h3>
      <p className={position === null || stale ? "position-words stale" : "position-words"}>
        <span aria-hidden="true">{position === null || stale ? "○" : "●"}</span> {words}
      </p>
      {position && (
        <p className="muted">
          {t("position.coordinates", { lat: position.lat.toFixed(5), lon: position.lon.toFixed(5) })} · {t(`position.${position.method}`)} · {timeText(position.fix_time, now)}
        </p>
      )}
      {hasTrack && (
        <p className="track-line">
          <button type="button" className="button small" aria-pressed={wantsTrack} onClick={() => setWantsTrack(!wantsTrack)}>{t("track.button")}</button>
        </p>
      )}
      {wantsTrack && hasTrack && <TrackWords drawing={drawing} isLoading={track.isLoading} isError={track.isError} now={now} onRetry={() => void track.refetch()} />}
      {responders.map((one) => <ResponderLine key={one.task} responder={one} state={incident.tasks.find(({ id }) => id === one.task)?.state} />)}
      {(position ?? home ?? marks[0]) && (
        <MapGuard words={t("map.failed")}>
          <Suspense fallback={<div className="map map-wait">{t("map.loading")}</div>}>
            <MapView person={position} isStale={stale} home={home} track={drawing} responders={marks} words={[words, ...marks.map(({ label }) => label)].join(" · ")} />
          </Suspense>
        </MapGuard>
      )}
    </section>
  );
}

function positionWords(position: Position, home: { lat: number; lon: number } | null, now: number, t: Translate): string {
  const parts = [agoWords(positionAgeSeconds(position, now), t), t("position.accuracy", { n: Math.round(position.accuracy_m) })];
  if (home) {
    const metres = distanceMetres([home.lon, home.lat], [position.lon, position.lat]);
    parts.push(t("position.from_home", { distance: distanceWords(metres, t) }));
  }
  if (isStale(position, now)) parts.push(t("position.stale"));
  return parts.join(" · ");
}
