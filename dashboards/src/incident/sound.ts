/**
 * Whether this desk sounds, and how. Pure.
 *
 * An incident sounds while nobody has claimed it: at operators' desks at once, at supervisors' once its ladder runs, or at once where no
 * operator is on duty. A claimed one sounds again at its holder's desk when a press joins it
 * and waits for an answer, a station does not go or needs something at the door, and at every desk once its ladder runs or its
 * holder is lost. One that was given to this desk sounds there until it is opened. The gravest incident decides
 * the pattern. Muting silences what sounded at that moment; a signal that comes afterwards is heard all the same.
 */
import type { Incident, Session, Severity } from "../api/types";
import { compareIncidents, isUnclaimed, wantsAttention } from "./queue";
import type { Received } from "./received";
import { saidOnScene, troubles } from "./tasks";

export const MUTE_MS = 60_000;

export interface Mute {
  until_ms: number;
  /** What sounded when the operator pressed M, by `soundKey`. */
  keys: ReadonlySet<string>;
}

export interface Desk {
  username: string;
  role: Session["role"];
  received?: Received;
}

/** Operators first; the server says whether supervisors are called beside them: one that is not as new as this page says nothing, and calls them. Others at a console are called only when everybody is. */
function isCalled(role: Session["role"], incident: Incident): boolean {
  const { calls_supervisors = true }: Partial<Incident> = incident;
  return role === "operator" || (role === "supervisor" && calls_supervisors);
}

/** Changes with every signal, each holder, each return to the queue, each station that does not go and when everybody is called: each is a new call for attention. */
export function soundKey(incident: Incident): string {
  return [incident.id, isUnclaimed(incident), incident.holder?.username, incident.signals.length, incident.attention, incident.holder_lost, ...saidOnScene(incident).map((task) => `${task.id}${task.said}${task.version}`), ...troubles(incident).map((task) => `${task.id}${task.state}`)].join("|");
}

/** Whoever gave it has turned to something else, and whoever has it may not have seen it yet. */
function isGiven(incident: Incident, { received, username }: Desk): boolean {
  return received?.[incident.id] !== undefined && incident.holder?.username === username && incident.state !== "closed";
}

export function sounds(incident: Incident, desk: Desk): boolean {
  if (isGiven(incident, desk)) return true;
  if (!wantsAttention(incident)) return false;
  if (incident.attention === "everyone" || incident.holder_lost) return true;
  if (isUnclaimed(incident)) return isCalled(desk.role, incident);
  return incident.holder?.username === desk.username;
}

export interface SoundDecision {
  /** The pattern to loop now, or `null` for silence. */
  pattern: Severity | null;
  /** Every incident that asks to be heard, muted or not, gravest first. */
  sounding: Incident[];
}

export function decideSound(
  incidents: Iterable<Incident>,
  desk: Desk,
  mute: Mute | null,
  nowMs: number,
): SoundDecision {
  const sounding = [...incidents].filter((incident) => sounds(incident, desk)).sort(compareIncidents);
  const isMuted = (incident: Incident) =>
    mute !== null && nowMs < mute.until_ms && mute.keys.has(soundKey(incident));
  const loudest = sounding.find((incident) => !isMuted(incident));
  return { pattern: loudest?.severity ?? null, sounding };
}

export function muteFor(sounding: readonly Incident[], nowMs: number): Mute {
  return { until_ms: nowMs + MUTE_MS, keys: new Set(sounding.map(soundKey)) };
}
