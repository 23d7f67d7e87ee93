/** What has happened to her, in plain words. Pure; the language comes in as `t`. */
import type { Incident, Signal } from "../api/types";
import { ageSeconds, agoWords, type Translate } from "../time/format";

const JUST_NOW_S = 60;
/** Of several, what a family must hear of first. */
const FIRST: readonly Signal["kind"][] = ["press", "fall", "call"];

const byArrival = (left: Signal, right: Signal): number => Date.parse(left.received_at) - Date.parse(right.received_at);

const since = (iso: string, nowMs: number, t: Translate): string => {
  const age = ageSeconds(iso, nowMs);
  return age < JUST_NOW_S ? t("incident.just_now") : agoWords(age, t);
};

/** 王秀英 2分钟前按了求助键，共 3 次 · 王秀英 40分钟前按了求助键，刚刚才收到. */
export function whatWords(name: string, incident: Incident, nowMs: number, t: Translate): string {
  const signals = [...incident.signals].sort(byArrival);
  const newest = signals.at(-1);
  const main = FIRST.map((kind) => signals.filter((signal) => signal.kind === kind && !signal.cancel)).find((alike) => alike.length > 0) ?? signals.slice(-1);
  const last = main.at(-1);
  if (!last || !newest) return t("incident.what", { name, ago: since(incident.opened_at, nowMs, t), what: t("incident.title") });
  const what = t(`incident.kind.${last.kind}`) + (main.length > 1 ? t("incident.times", { n: main.length }) : "");
  if (newest.cancel) return t("incident.cancelled", { name, what, ago: since(last.at, nowMs, t) });
  if (last.remarks.includes("late")) return t("incident.late", { name, what, ago: since(last.at, nowMs, t), arrived: since(last.received_at, nowMs, t) });
  return t("incident.what", { name, what, ago: since(last.received_at, nowMs, t) });
}
