/** Incidents for tests: everything ordinary unless said otherwise. */
import type { Incident, Signal } from "../../src/api/types";

export const T0 = Date.parse("2026-11-23T08:00:00Z");
export const at = (seconds: number): string => new Date(T0 + seconds * 1000).toISOString();

export function signal(change: Partial<Signal> = {}): Signal {
  return { id: "s-1", kind: "press", press_id: "p-1", cancel: false, at: at(0), received_at: at(0), late_by_s: 0, remarks: [], ...change };
}

export function incident(change: Partial<Incident> = {}): Incident {
  return {
    id: "i-1", version: 1, state: "raised", severity: "life", drill: false, unsaved: false, sounding: true, attention: "operators", ladder_step: 0,
    resident: { id: "r-1", name: "王秀英" }, handset: "demo-0001", holder: null, opened_at: at(0), deadline_at: at(30), answer_by: null,
    position: null, closed: null, signals: [signal()], ...change,
  };
}
