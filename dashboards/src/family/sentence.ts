/** Where she is and how sure that is, in one plain sentence. Pure; the language comes in as `t`. */
import type { Position } from "../api/types";
import { distanceMetres } from "../geo/metres";
import { distanceWords } from "../geo/words";
import { isStale, positionAgeSeconds } from "../incident/position";
import { agoWords, durationWords, type Translate } from "../time/format";

interface Spot {
  lat: number;
  lon: number;
}

/** From a garden or the stairs of the next house a family says that she is near home. */
const NEAR_HOME_M = 200;
/** Younger than this is "just now": nobody counts seconds over a mother. */
const JUST_NOW_S = 60;

export type Certainty = "fresh" | "stale" | "unknown";

/** An old position says where she was; that she is unknown since then is the news. */
export function certaintyOf(position: Position | null, nowMs: number): Certainty {
  if (position === null) return "unknown";
  return isStale(position, nowMs) ? "stale" : "fresh";
}

/** 家附近 · 离家约 1.2 公里处 · 地图所示位置. */
export function placeWords(position: Position, home: Spot | null, t: Translate): string {
  if (home === null) return t("sentence.on_map");
  const metres = distanceMetres([home.lon, home.lat], [position.lon, position.lat]);
  return metres <= NEAR_HOME_M ? t("sentence.near_home") : t("sentence.from_home", { distance: distanceWords(metres, t) });
}

/** ±20 米 · 基站定位，±800 米. A satellite's fix needs no word: it is what everybody expects. */
export function sureWords({ accuracy_m, method }: Position, t: Translate): string {
  const accuracy = t("sentence.accuracy", { distance: accuracy_m < 1000 ? t("distance.metres", { n: Math.round(accuracy_m) }) : distanceWords(accuracy_m, t) });
  return method === "gps" ? accuracy : t("sentence.sure", { method: t(`sentence.${method}`), accuracy });
}

/** 王秀英 3分钟前在家附近（±20 米） · 王秀英位置未知已 47分钟，最后在家附近（±800 米） · 王秀英：暂无位置. */
export function sentenceOf(name: string, position: Position | null, home: Spot | null, nowMs: number, t: Translate): string {
  if (position === null) return t("sentence.none", { name });
  const age = positionAgeSeconds(position, nowMs);
  const values = { name, place: placeWords(position, home, t), sure: sureWords(position, t) };
  if (isStale(position, nowMs)) return t("sentence.lost", { ...values, duration: durationWords(age, t) });
  return t("sentence.seen", { ...values, ago: age < JUST_NOW_S ? t("sentence.just_now") : agoWords(age, t) });
}
