/** Who rang. A screen is told the end of a number alone; whole it is asked for, by whoever rings back. Pure. */
import type { Incident, Signal } from "../api/types";

const MASK = "****";

export const isMasked = (caller: string | null | undefined): boolean => caller != null && caller.includes(MASK);

/** Whether the whole number may be asked for: only while somebody may have to be rung back. */
export const canBeAsked = (incident: Pick<Incident, "state" | "unsaved">, signal: Pick<Signal, "caller">): boolean =>
  incident.state !== "closed" && !incident.unsaved && isMasked(signal.caller);

/** Who rang by an answer about the incident; null if it does not say. */
export const callerOf = (answer: Pick<Incident, "signals"> | null | undefined, id: string): string | null =>
  answer?.signals.find((signal) => signal.id === id)?.caller ?? null;
