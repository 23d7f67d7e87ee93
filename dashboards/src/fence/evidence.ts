/** Why a signal was raised, as a small drawing: how sure it was over time that somebody was inside. Pure. */
import type { Signal } from "../api/types";

export interface Point {
  x: number;
  y: number;
  /** Percent inside. */
  inside: number;
  time: string;
}

/** Points between 0 and 1 by time and by P(inside), oldest first; none where fewer than two tell. */
export function sureness(signal: Signal): Point[] {
  const told = (signal.evidence?.fixes ?? []).flatMap(({ fix_time, inside }) => (inside == null ? [] : [{ at: Date.parse(fix_time), inside, time: fix_time }]));
  const [first, last] = [told[0]?.at, told.at(-1)?.at];
  if (told.length < 2 || first === undefined || last === undefined || last <= first) return [];
  return told.map(({ at, inside, time }) => ({ x: (at - first) / (last - first), y: inside, inside: Math.round(inside * 100), time }));
}
