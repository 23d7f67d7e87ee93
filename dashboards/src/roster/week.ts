/** The week as a roster fills it: who is on call at which minute, and when nobody is. Pure. */
import type { RosterItem } from "../api/types";

export const DAYS = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"] as const;
export type Day = (typeof DAYS)[number];
export const isDay = (day: string): day is Day => DAYS.some((each) => each === day);

export const DAY_MINUTES = 1_440;
const WEEK_MINUTES = 7 * DAY_MINUTES;

export type Shift = Pick<RosterItem, "days" | "from" | "to">;

/** Minutes of the week, from Monday's midnight on; the end is not in it. It may lie behind Sunday's midnight. */
export interface Span {
  from: number;
  to: number;
}

/** 22:30 as minutes of the day; 24:00 is the day's end. NaN: no such time. */
export function minutesOf(clock: string): number {
  const [, hours, minutes] = /^(\d{1,2}):(\d{2})$/.exec(clock) ?? [];
  const all = Number(hours) * 60 + Number(minutes);
  return Number(minutes) < 60 && all <= DAY_MINUTES ? all : Number.NaN;
}

/** The minutes of a day, or of the next, as 22:30; the day's end is 24:00 where it ends something. */
export function clockOf(minutes: number, isEnd = false): string {
  const of = isEnd && minutes > 0 && minutes % DAY_MINUTES === 0 ? DAY_MINUTES : minutes % DAY_MINUTES;
  return `${String(Math.floor(of / 60)).padStart(2, "0")}:${String(of % 60).padStart(2, "0")}`;
}

/** A shift belongs to the day on which it begins; one that ends when it began goes round the clock. */
function spansOf({ days, from, to }: Shift): Span[] {
  const [start, end] = [minutesOf(from), minutesOf(to)];
  const length = end > start ? end - start : end - start + DAY_MINUTES;
  return DAYS.flatMap((day, n) => (days.includes(day) ? [{ from: n * DAY_MINUTES + start, to: n * DAY_MINUTES + start + length }] : []));
}

/** What lies behind Sunday's midnight is the next week's beginning, which is this one's. */
const withinWeek = (spans: readonly Span[]): Span[] =>
  spans.flatMap(({ from, to }) => (to <= WEEK_MINUTES ? [{ from, to }] : [{ from, to: WEEK_MINUTES }, { from: 0, to: to - WEEK_MINUTES }]));

/** The hours of the week in which none of these is on call, in order. */
export function uncovered(shifts: readonly Shift[]): Span[] {
  const covered = withinWeek(shifts.flatMap(spansOf)).sort((left, right) => left.from - right.from);
  const gaps: Span[] = [];
  let reached = 0;
  for (const { from, to } of covered) {
    if (from > reached) gaps.push({ from: reached, to: from });
    reached = Math.max(reached, to);
  }
  if (reached < WEEK_MINUTES) gaps.push({ from: reached, to: WEEK_MINUTES });
  return gaps;
}

/** As the server names them: `Mon 08:00-09:30`. What is not understood is left out. */
export function readGaps(named: readonly string[]): Span[] {
  return named.flatMap((text) => {
    const [, name = "", from = "", to = ""] = /^(\w{3}) (\d\d:\d\d)-(\d\d:\d\d)$/.exec(text) ?? [];
    const day = DAYS.findIndex((each) => each === name.toLowerCase());
    const span = { from: day * DAY_MINUTES + minutesOf(from), to: day * DAY_MINUTES + minutesOf(to) };
    return day < 0 || Number.isNaN(span.from + span.to) ? [] : [span];
  });
}

export const minutesIn = (spans: readonly Span[]): number => spans.reduce((sum, { from, to }) => sum + to - from, 0);

/** What goes on over a midnight is one; Sunday's last hour goes on in Monday's first. */
export function joined(spans: readonly Span[]): Span[] {
  const all: Span[] = [];
  for (const { from, to } of [...spans].sort((left, right) => left.from - right.from)) {
    const last = all.at(-1);
    if (last && from <= last.to) last.to = Math.max(last.to, to);
    else all.push({ from, to });
  }
  const [first, last] = [all[0], all.at(-1)];
  if (first && last && first !== last && first.from === 0 && last.to === WEEK_MINUTES) {
    all.shift();
    last.to += first.to;
  }
  return all;
}

/** Now, as a minute of the week in China; it has no summer time. 1970 began on a Thursday. */
export const minuteOfWeek = (ms: number): number => (Math.floor(ms / 60_000) + 8 * 60 + 3 * DAY_MINUTES) % WEEK_MINUTES;

export const isOnCall = (shift: Shift, minute: number): boolean => withinWeek(spansOf(shift)).some(({ from, to }) => from <= minute && minute < to);

/** A piece of one day, in minutes of that day. */
export interface Piece<Item> {
  item: Item;
  from: number;
  to: number;
  /** Which of the lines of that day it stands in, so that no two cover each other. */
  lane: number;
}

const withinDay = (spans: readonly Span[], day: number): Span[] =>
  spans.flatMap(({ from, to }) => {
    const [start, end] = [Math.max(from, day * DAY_MINUTES), Math.min(to, (day + 1) * DAY_MINUTES)];
    return start < end ? [{ from: start - day * DAY_MINUTES, to: end - day * DAY_MINUTES }] : [];
  });

export const gapsOfDay = (spans: readonly Span[], day: number): Span[] => withinDay(withinWeek(spans), day);

/** Who is on call on a day (0 is Monday), with what the night before brings over. */
export function piecesOfDay<Item extends Shift>(items: readonly Item[], day: number): Piece<Item>[] {
  const all = items.flatMap((item) => gapsOfDay(spansOf(item), day).map((span) => ({ item, ...span })));
  const ends: number[] = [];
  return all.sort((left, right) => left.from - right.from).map((piece) => {
    const free = ends.findIndex((end) => end <= piece.from);
    const lane = free < 0 ? ends.length : free;
    ends[lane] = piece.to;
    return { ...piece, lane };
  });
}
