/** How long people waited, as a report shows it. Pure. */
import type { LateAnswer, ReportGroup } from "../api/types";

export const PROMPT_S = 60;
export const LATE_S = 180;

/** What alarm centres hold themselves to: so many per cent of the answers within so many seconds. */
export const NORMS = [
  { within_s: PROMPT_S, pct: 97.5, of: "answered_within_60_s_pct" },
  { within_s: LATE_S, pct: 99, of: "answered_within_180_s_pct" },
] as const;
export type Norm = (typeof NORMS)[number];

export const BYS = ["all", "operator", "station", "township", "kind", "hour"] as const;
export type By = (typeof BYS)[number];

/** A week, a month, a quarter. */
export const SPANS = ["7", "30", "92"] as const;
export type DaySpan = (typeof SPANS)[number];

export interface Query {
  from: string;
  to: string;
  by: By;
}

/** Whole days back from now; the end is kept to the minute, so that asking twice asks for the same. */
export function queryOf(days: DaySpan, by: By, nowMs: number): Query {
  const end = Math.floor(nowMs / 60_000) * 60_000 + 60_000;
  return { from: new Date(end - Number(days) * 86_400_000).toISOString(), to: new Date(end).toISOString(), by };
}

/** Of all groups together, in per cent to a tenth; a group tells its share, not its number. */
export function shareOf(groups: readonly ReportGroup[], norm: Norm): number {
  const [only] = groups;
  if (only && groups.length === 1) return only[norm.of];
  const cases = groups.reduce((sum, group) => sum + group.cases, 0);
  const met = groups.reduce((sum, group) => sum + Math.round((group[norm.of] / 100) * group.cases), 0);
  return cases === 0 ? 0 : Math.round((1_000 * met) / cases) / 10;
}

/** Hours in the day's order; elsewhere those with the most cases first, and whoever is nobody last. */
export const inGroupOrder = (groups: readonly ReportGroup[], by: By): ReportGroup[] =>
  [...groups].sort((left, right) =>
    by === "hour" ? left.group.localeCompare(right.group) : Number(left.group === "") - Number(right.group === "") || right.cases - left.cases || left.group.localeCompare(right.group));

/** All hours of the day, so that those in which nothing happened are seen as such. */
export function hoursOf(groups: readonly ReportGroup[]): { hour: number; group: ReportGroup | null }[] {
  return Array.from({ length: 24 }, (_, hour) => ({ hour, group: groups.find((each) => Number(each.group) === hour) ?? null }));
}

/** A bar's length in seconds: nine of ten waited no longer. */
export const waitOf = (group: ReportGroup | null): number => group?.answered.p90_s ?? 0;

/** The top of a scale that a reader can divide: 30, 60, 120, 180, 300 s, then whole ten minutes. */
export function scaleTop(longest: number): number {
  return [30, 60, 120, 180, 300].find((top) => longest <= top) ?? Math.ceil(longest / 600) * 600;
}

/** Those that wait to be looked into first, of each the newest first. */
export const inLateOrder = (late: readonly LateAnswer[]): LateAnswer[] =>
  [...late].sort((left, right) => Number(left.reviewed != null) - Number(right.reviewed != null) || right.began.localeCompare(left.began));

export const waitingIn = (late: readonly LateAnswer[]): number => late.filter(({ reviewed }) => reviewed == null).length;
