/** Where the person is, as well as is known and no better: with its age and its error. A map is another program's affair. */
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { Position, ResidentCard, Task } from "../../src/api/types";
import { distanceMetres } from "../../src/geo/metres";
import { isStale, positionAgeSeconds } from "../../src/incident/position";
import { distanceWords } from "../../src/geo/words";
import { agoWords, timeText } from "../../src/time/format";
import { useNow } from "../../src/time/useNow";
import { door } from "../door";
import { keepTasks, useStation } from "../state/store";

type Home = NonNullable<ResidentCard["home"]>;
interface Point { lat: number; lon: number }

/** RFC 5870; without a datum named it is WGS-84. */
const geo = ({ lat, lon }: Point): string => `geo:${lat.toFixed(6)},${lon.toFixed(6)}?q=${lat.toFixed(6)},${lon.toFixed(6)}`;

const newer = (left: Position | null, right: Position | null): Position | null =>
  !left || (right && Date.parse(right.fix_time) > Date.parse(left.fix_time)) ? right : left;

export function PlacePart({ task, home }: { task: Task; home: Home | null }) {
  const { t } = useTranslation();
  const now = useNow();
  const told = useStation((station) => station.incidents[task.incident_id]?.position);
  const position = newer(task.position ?? null, told ?? null);
  const stale = position !== null && isStale(position, now);
  const coordinates = ({ lat, lon }: Point) => t("place.coordinates", { lat: lat.toFixed(5), lon: lon.toFixed(5) });
  return (
    <section className="part" data-testid="place">
      <h4>{t("place.title")}</h4>
      {position === null ? <p className="position-words stale">{t("place.none")}</p> : (
        <>
          <p className={stale ? "position-words stale" : "position-words"}>
            <span aria-hidden="true">{stale ? "○" : "●"}</span> {agoWords(positionAgeSeconds(position, now), t)} · {t("place.accuracy", { n: Math.round(position.accuracy_m) })}
            {home && ` · ${t("place.from_home", { distance: distanceWords(distanceMetres([home.lon, home.lat], [position.lon, position.lat]), t) })}`}
          </p>
          {stale && <p className="notice bad">{t("place.stale")}</p>}
          <p className="muted">{coordinates(position)} · {t(`place.${position.method}`)} · {timeText(position.fix_time, now)}</p>
          <p className="map-link"><a className="button big" href={geo(position)}>{t("place.open")}</a></p>
        </>
      )}
      {home && (
        <>
          <p className="map-link"><a className="button big" href={geo(home)}>{t("place.open_home")}</a></p>
          <p className="muted">{t("place.home", { words: coordinates(home) })}</p>
        </>
      )}
      {(position ?? home) && <p className="muted">{t("place.datum")}</p>}
      {door().looksBySelf ? <p className="muted">{t("place.by_itself")}</p> : <Renew />}
    </section>
  );
}

/** Each renewal is a look that goes on record, so it is asked for by hand. */
function Renew() {
  const { t } = useTranslation();
  const [state, setState] = useState<"idle" | "asking" | "failed">("idle");
  const renew = async () => {
    setState("asking");
    try {
      keepTasks(await door().tasks("live"));
      setState("idle");
    } catch {
      setState("failed");
    }
  };
  return (
    <p className="renew">
      <button type="button" className="button big" disabled={state === "asking"} onClick={() => void renew()}>{t(state === "asking" ? "place.renewing" : "place.renew")}</button>
      <span role="status" className={state === "failed" ? "failed" : "muted"}>{t(state === "failed" ? "place.renew_failed" : "place.still")}</span>
    </p>
  );
}
