/** The map and what belongs to it. The sentence above says the same in words. */
import type { UseQueryResult } from "@tanstack/react-query";
import { lazy, Suspense, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Named, Position, ResidentCard } from "../../src/api/types";
import { isStale } from "../../src/incident/position";
import { MapGuard } from "../../src/map/MapGuard";
import { timeText } from "../../src/time/format";
import { useNow } from "../../src/time/useNow";
import { TrailWords } from "./TrailWords";
import { useTrail } from "./useTrail";

const MapView = lazy(() => import("../../src/map/MapView"));

interface PlacePartProps {
  person: Named;
  card: UseQueryResult<ResidentCard>;
  position: Position | null;
  home: { lat: number; lon: number } | null;
  words: string;
}

/** RFC 5870; without a datum named it is WGS-84. */
const geo = ({ lat, lon }: Position): string => `geo:${lat.toFixed(6)},${lon.toFixed(6)}?q=${lat.toFixed(6)},${lon.toFixed(6)}`;

export function PlacePart({ person, card, position, home, words }: PlacePartProps) {
  const { t } = useTranslation();
  const now = useNow();
  const [wantsTrail, setWantsTrail] = useState(false);
  const trail = useTrail(person, wantsTrail, now);
  const drawing = wantsTrail ? (trail.drawing ?? null) : null;
  const hasMap = position !== null || home !== null || (drawing?.pieces.length ?? 0) > 0;
  return (
    <section className="part" aria-label={t("place.title")} data-testid="place">
      {hasMap ? (
        <MapGuard words={t("map.failed")}>
          <Suspense fallback={<div className="map map-wait">{t("map.loading")}</div>}>
            <MapView person={position} isStale={position !== null && isStale(position, now)} home={home} track={drawing} words={words} follows />
          </Suspense>
        </MapGuard>
      ) : <p className="map map-wait">{t("place.none")}</p>}
      <p className="part-acts">
        <button type="button" className="button big" aria-pressed={wantsTrail} onClick={() => setWantsTrail(!wantsTrail)}>{t(wantsTrail ? "trail.hide" : "trail.show")}</button>
        <button type="button" className="button big" disabled={card.isFetching} onClick={() => void card.refetch()}>{t(card.isFetching ? "place.renewing" : "place.renew")}</button>
        {position && <a className="button big" href={geo(position)}>{t("place.open")}</a>}
      </p>
      {card.isError && <p role="alert" className="failed">{t("place.failed")}</p>}
      {wantsTrail && <TrailWords trail={trail} now={now} />}
      {position && <p className="muted small">{t("place.coordinates", { lat: position.lat.toFixed(5), lon: position.lon.toFixed(5), time: timeText(position.fix_time, now) })} {t("place.datum")}</p>}
    </section>
  );
}
