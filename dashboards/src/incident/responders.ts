/** Those of stations who are under way and let the desk see where they are: which of them, how far, and how old that is. Pure. */
import type { Incident, IncidentTask, Responder } from "../api/types";
import { distanceWords } from "../geo/words";
import { ageSeconds, agoWords, durationWords, type Translate } from "../time/format";
import { isLive } from "../task/stages";

/** Telephones say it every ten seconds; past this age it says where somebody was. */
export const RESPONDER_STALE_S = 120;

export type Placed = Responder & { position: NonNullable<Responder["position"]> };

const isPlaced = (responder: Responder | undefined): responder is Placed => responder?.position != null;

/** In the order of the tasks. Of a task that is over nobody is shown, whatever was heard last. */
export function respondersOf(incident: Incident, known: Readonly<Record<string, Responder>>): Placed[] {
  return incident.tasks.filter(isLive).map(({ id }) => known[id]).filter(isPlaced);
}

export const isResponderStale = ({ position }: Placed, nowMs: number): boolean => ageSeconds(position.at, nowMs) > RESPONDER_STALE_S;

/** Whoever is there needs no more time, and an estimate from an old place is none. */
const isOnTheWay = (state: IncidentTask["state"] | undefined): boolean => state === "acknowledged" || state === "en_route";

/** 距老人直线约 1.2 公里 · 误差约 ±12 米 · 20 秒前 · 粗估还要 7 分钟 */
export function responderWords(responder: Placed, state: IncidentTask["state"] | undefined, nowMs: number, t: Translate): string {
  const { distance_m: metres, accuracy_m: accuracy, at, eta_s: eta } = responder.position;
  const isStale = isResponderStale(responder, nowMs);
  return [
    metres == null ? t("responder.no_distance") : t("responder.distance", { distance: distanceWords(metres, t) }),
    t("position.accuracy", { n: Math.round(accuracy) }),
    agoWords(ageSeconds(at, nowMs), t),
    ...(isStale ? [t("responder.stale")] : []),
    ...(eta != null && !isStale && isOnTheWay(state) ? [t("responder.eta", { time: durationWords(eta, t) })] : []),
  ].join(" · ");
}
