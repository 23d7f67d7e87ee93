/** Which position to show for an incident, and how old it is. Pure. */
import type { Incident, LivePosition, Position } from "../api/types";
import { ageSeconds } from "../time/format";

/** Past this age a position says where somebody was, not where somebody is. */
export const STALE_AFTER_S = 600;

/**
 * The live position if it is the newer one; a late point never takes the place of a newer. Where the handset is of somebody to
 * whom it was given on is not where this person is.
 */
export function shownPosition(incident: Incident, live: LivePosition | undefined): Position | null {
  const known = incident.position ?? null;
  if (!live || (live.resident && live.resident !== incident.resident?.id)) return known;
  if (!known) return live;
  return Date.parse(live.fix_time) > Date.parse(known.fix_time) ? live : known;
}

/** A fix dated in the future tells nothing by its date; then the age the server reckoned stands. */
export function positionAgeSeconds(position: Position, nowMs: number): number {
  return Date.parse(position.fix_time) > nowMs ? Math.max(0, position.age_s) : ageSeconds(position.fix_time, nowMs);
}

export const isStale = (position: Position, nowMs: number): boolean => positionAgeSeconds(position, nowMs) > STALE_AFTER_S;
