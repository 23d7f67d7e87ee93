/**
 * What a locked screen knows of an incident: that there is one and how grave it is, not who and where.
 *
 * The server sends it so; what was known here before is veiled the same way.
 */
import type { Incident } from "../api/types";

export function veiled(incident: Incident): Incident {
  const signals = incident.signals.map(({ caller: _caller, words: _words, press_id: _pressId, ...signal }) => signal);
  const tasks = incident.tasks.map((task) => ({ ...task, responder: null, note: "", words: "" }));
  return { ...incident, resident: null, handset: null, position: null, signals, tasks };
}

/** A call about nobody known still has its words, a press of an unbound handset its handset: without all of them it is veiled. */
export function isVeiled({ resident, handset, position, signals }: Incident): boolean {
  if (resident != null || handset != null || position != null) return false;
  return signals.every(({ caller, words, press_id }) => caller == null && words == null && press_id == null);
}
