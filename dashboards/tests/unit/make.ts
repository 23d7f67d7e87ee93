/** Incidents for tests: everything ordinary unless said otherwise. */
import type { Candidate, Incident, IncidentTask, Responder, Signal, Station } from "../../src/api/types";

export const T0 = Date.parse("2026-11-23T08:00:00Z");
export const at = (seconds: number): string => new Date(T0 + seconds * 1000).toISOString();

export function signal(change: Partial<Signal> = {}): Signal {
  return { id: "s-1", kind: "press", press_id: "p-1", cancel: false, at: at(0), received_at: at(0), late_by_s: 0, remarks: [], ...change };
}

export function task(change: Partial<IncidentTask> = {}): IncidentTask {
  return {
    id: "t-1", version: 1, state: "offered", station: { id: "s-1", name: "幸福服务站" }, offered_at: at(60), since: at(60), deadline_at: at(120), overdue: 0,
    responder: null, note: "", words: "", undoable: false, ...change,
  };
}

export function incident(change: Partial<Incident> = {}): Incident {
  const isHeld = change.state !== undefined && change.state !== "raised";
  return {
    id: "i-1", version: 1, state: "raised", severity: "life", drill: false, unsaved: false, attention: "operators", calls_supervisors: !isHeld, ladder_step: 0,
    sounding: !isHeld || (change.state !== "closed" && (change.answer_by != null || change.attention === "everyone")),
    resident: { id: "r-1", name: "王秀英" }, handset: "demo-0001", holder: null, opened_at: at(0), deadline_at: at(30), answer_by: null,
    holder_lost: false, awaiting: [], needs_contact: false, plan: [], position: null, closed: null, signals: [signal()], tasks: [], ...change,
  };
}

export function candidate(change: Partial<Candidate> = {}): Candidate {
  return { station: { id: "s-1", name: "幸福服务站" }, telephone: "0527-88110001", distance_m: 421, load: 0, online: true, skills: [], against: [], recommended: false, ...change };
}

export function responder(change: Partial<Responder> = {}): Responder {
  return {
    task: "t-1", incident: "i-1", station: { id: "s-1", name: "幸福服务站" }, responder: "station",
    position: { lat: 33.9712, lon: 118.2795, accuracy_m: 12, at: at(0), distance_m: 1_234, eta_s: 420 }, ...change,
  };
}

export function station(change: Partial<Station> = {}): Station {
  return {
    id: "s-1", name: "幸福服务站", place: { lat: 33.9612, lon: 118.2795 }, telephone: "0527-88110001", on_duty: true, hours: [], skills: [], load: 0, accounts: 1, online: true, ...change,
  };
}
