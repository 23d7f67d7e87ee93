/** Two incidents that are one matter, and one that is two: what the desk may offer. Pure. */
import type { Incident, Signal } from "../api/types";
import { atIt } from "./tasks";

/** One matter: about the same person, or one of the two about nobody known. A drill is never put to something real. */
function isSameMatter(into: Incident, from: Incident): boolean {
  if (from.id === into.id || from.unsaved || from.state === "closed" || from.drill !== into.drill) return false;
  return into.resident == null || from.resident == null || into.resident.id === from.resident.id;
}

/** What may end in this one, those about the same person first, then the newest. */
export function mergeable(into: Incident, all: Iterable<Incident>): Incident[] {
  const isSure = (from: Incident) => (into.resident != null && from.resident?.id === into.resident.id ? 0 : 1);
  return [...all].filter((from) => isSameMatter(into, from))
    .sort((left, right) => isSure(left) - isSure(right) || Date.parse(right.opened_at) - Date.parse(left.opened_at) || (left.id < right.id ? -1 : 1));
}

/** A station that is under way for the other one must be told first. */
export const isBusy = (from: Incident): boolean => atIt(from).length > 0;

/** The signals that may be about somebody else. The one that opened the incident stays in it. */
export const separable = (incident: Incident): Signal[] => incident.signals.slice(1);
