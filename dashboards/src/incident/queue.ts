/** The order of the queue and how a waiting row ages. Pure: the time is an argument. */
import type { Incident, Severity } from "../api/types";
import { ageSeconds } from "../time/format";
import { soundsForTasks, troubles } from "./tasks";

const RANK: Record<Severity, number> = { life: 0, urgent: 1, notice: 2, technical: 3 };

/** An unclaimed row turns yellow, then red, after so many seconds. */
export const YELLOW_AFTER_S = 30;
export const RED_AFTER_S = 60;

export type Ageing = "fresh" | "yellow" | "red";

/** Severity, then the one that has waited longest; the id last, so that two of one instant never swap places. */
export function compareIncidents(left: Incident, right: Incident): number {
  return (
    RANK[left.severity] - RANK[right.severity] ||
    Date.parse(left.opened_at) - Date.parse(right.opened_at) ||
    (left.id < right.id ? -1 : left.id > right.id ? 1 : 0)
  );
}

export function inQueueOrder(incidents: Iterable<Incident>): Incident[] {
  return [...incidents].filter((incident) => incident.state !== "closed").sort(compareIncidents);
}

export const isUnclaimed = (incident: Incident): boolean => incident.state === "raised";

/**
 * Somebody must do something now: nobody has it, a later press waits for its holder, its holder fell silent, or a station
 * does not go.
 */
export function wantsAttention(incident: Incident): boolean {
  if (incident.state === "closed") return false;
  return isUnclaimed(incident) || incident.sounding || incident.answer_by != null || incident.holder_lost || incident.attention === "everyone";
}

/** A holder who left a press unanswered, said nothing for too long or lost the link may be relieved by anybody. */
export function canBeClaimed(incident: Incident): boolean {
  if (incident.unsaved) return false;
  return isUnclaimed(incident) || (incident.state !== "closed" && (incident.attention === "everyone" || incident.holder_lost));
}

/** Since when somebody has been waiting for an answer, or `null` when nobody is. */
export function waitingSince(incident: Incident): string | null {
  if (!wantsAttention(incident)) return null;
  if (isUnclaimed(incident)) return incident.opened_at;
  if (soundsForTasks(incident)) return troubles(incident)[0]?.since ?? null;
  return newestSignalAt(incident) ?? incident.opened_at;
}

function newestSignalAt(incident: Incident): string | undefined {
  return incident.signals.map((signal) => signal.received_at).sort((a, b) => Date.parse(a) - Date.parse(b)).at(-1);
}

export function waitingSeconds(incident: Incident, nowMs: number): number | null {
  const since = waitingSince(incident);
  return since === null ? null : ageSeconds(since, nowMs);
}

export function ageingOf(incident: Incident, nowMs: number): Ageing {
  const waited = waitingSeconds(incident, nowMs);
  if (waited === null || waited < YELLOW_AFTER_S) return "fresh";
  return waited < RED_AFTER_S ? "yellow" : "red";
}

/** The neighbour of the selected row; the selection is an id, so rows may come and go around it. */
export function neighbour(ids: readonly string[], selected: string | null, step: 1 | -1): string | null {
  if (ids.length === 0) return null;
  const index = selected === null ? -1 : ids.indexOf(selected);
  if (index === -1) return (step === 1 ? ids[0] : ids.at(-1)) ?? null;
  return ids[Math.min(ids.length - 1, Math.max(0, index + step))] ?? null;
}
