/** A telephone exchange announces who rings: which incident a desk that is free opens by itself. Pure. */
import type { Incident, Session, Signal } from "../api/types";
import { isUnclaimed } from "./queue";

type Incidents = Readonly<Record<string, Incident>>;

/** So long a telephone rings; a screen that comes back later does not jump to the call. */
export const RINGS_MS = 60_000;

/** An exchange knows who rings and no more; what is entered by hand has the words that were said. */
export const isAnnounced = ({ kind, caller, words }: Signal): boolean => kind === "call" && caller != null && words == null;

export interface DeskAtWork {
  me: Pick<Session, "username" | "role" | "locked">;
  /** The incident whose page is opened. */
  opened: string | null;
  closed: Incidents;
  /** A dialog is open, something is typed or asked, or a claim is under way. */
  isOccupied: boolean;
  /** A row of the queue has the focus: the next key is meant for it. */
  isChoosing: boolean;
}

/** Nothing is on the screen but the queue, or what this operator has just closed, and nothing is in their hands. */
export function isFree({ me, opened, closed, isOccupied, isChoosing }: DeskAtWork, incidents: Incidents): boolean {
  const answers = (me.role === "operator" || me.role === "supervisor") && !me.locked;
  const isDone = opened === null || closed[opened]?.closed?.by === me.username;
  const holds = Object.values(incidents).some(({ holder, state }) => holder?.username === me.username && state !== "closed");
  return answers && isDone && !isOccupied && !isChoosing && !holds;
}

function ringsSince(incident: Incident, before: Incident | undefined, nowMs: number): number {
  const known = new Set(before?.signals.map(({ id }) => id));
  const rings = incident.signals.filter((signal) => isAnnounced(signal) && !known.has(signal.id)).map(({ received_at: at }) => Date.parse(at));
  return Math.max(-Infinity, ...rings.filter((at) => nowMs - at < RINGS_MS));
}

/**
 * The call that has just come and that nobody has yet; of several the one that rang last. Null where this desk is at something else, or
 * something else waits in the queue: whoever is about to claim that must not find themselves at the call.
 */
export function callToOpen(desk: DeskAtWork, incidents: Incidents, before: Incidents, nowMs: number): Incident | null {
  if (!isFree(desk, incidents)) return null;
  let newest: { incident: Incident; at: number } | null = null;
  for (const incident of Object.values(incidents)) {
    if (!isUnclaimed(incident)) continue;
    const at = ringsSince(incident, before[incident.id], nowMs);
    if (at === -Infinity || incident.unsaved) return null;
    if (at > (newest?.at ?? -Infinity)) newest = { incident, at };
  }
  return newest?.incident ?? null;
}
