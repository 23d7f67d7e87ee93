/** Hours of the week in plain words. Pure; the language comes in as `t`. */
import type { Translate } from "../time/format";
import { clockOf, DAY_MINUTES, DAYS, type Day, joined, minutesIn, minutesOf, type Shift, type Span } from "./week";

/** 每天 · 周一至周五 · 周六、周日. */
export function dayWords(days: readonly string[], t: Translate): string {
  const numbers = DAYS.flatMap((day, n) => (days.includes(day) ? [n] : []));
  if (numbers.length === DAYS.length) return t("week.every_day");
  const runs: number[][] = [];
  for (const n of numbers) {
    const run = runs.at(-1);
    if (run && run.at(-1) === n - 1) run.push(n);
    else runs.push([n]);
  }
  const name = (n: number | undefined) => t(`week.${DAYS[n ?? 0]}`);
  return runs.map((run) => (run.length > 2 ? t("week.from_to", { from: name(run[0]), to: name(run.at(-1)) }) : run.map(name).join(t("week.and")))).join(t("week.and"));
}

/** 08:00–20:00 · 20:00–次日 08:00 · 全天. */
function hourWords(from: number, to: number, t: Translate): string {
  if (from % DAY_MINUTES === 0 && to - from === DAY_MINUTES) return t("week.all_day");
  const start = clockOf(from);
  return to <= DAY_MINUTES ? `${start}–${clockOf(to, true)}` : t("week.till_next_day", { from: start, to: clockOf(to) });
}

export function shiftWords({ days, from, to }: Shift, t: Translate): string {
  const [start, end] = [minutesOf(from), minutesOf(to)];
  return t("week.when", { days: dayWords(days, t), hours: hourWords(start, end > start ? end : end + DAY_MINUTES, t) });
}

const placed = (minute: number, t: Translate, isEnd = false): string => {
  const day = Math.floor((isEnd && minute % DAY_MINUTES === 0 ? minute - 1 : minute) / DAY_MINUTES) % 7;
  return t("week.at", { day: t(`week.${DAYS[day]}`), time: clockOf(minute, isEnd) });
};

/** A sentence for each stretch of hours; alike hours of several days are one: 周一至周五 20:00–次日 08:00. */
export function spanWords(spans: readonly Span[], t: Translate): string[] {
  const all = joined(spans);
  if (minutesIn(all) === 7 * DAY_MINUTES) return [t("week.whole_week")];
  const alike = new Map<string, Day[]>();
  const long: string[] = [];
  const keep = (hours: string, minute: number) => alike.set(hours, [...(alike.get(hours) ?? []), DAYS[Math.floor(minute / DAY_MINUTES) % 7] ?? "mon"]);
  for (const { from, to } of all) {
    const start = from % DAY_MINUTES;
    if (start === 0 && (to - from) % DAY_MINUTES === 0) for (let day = from; day < to; day += DAY_MINUTES) keep(t("week.all_day"), day);
    // What is longer than a day is named by both of its ends.
    else if (to - from > DAY_MINUTES) long.push(t("week.stretch", { from: placed(from, t), to: placed(to, t, true) }));
    else keep(hourWords(start, start + to - from, t), from);
  }
  return [...[...alike].map(([hours, days]) => t("week.when", { days: dayWords(days, t), hours })), ...long];
}
