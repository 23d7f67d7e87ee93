/** Stations asked to go, and what else is done about an incident once somebody has it. */
import { answered, type Answered } from "./account";
import { api } from "./client";
import { type Failure, failureOf, type Outcome, settle, to } from "./commands";
import { read } from "./read";
import type { Candidates, Incident, IncidentTask, PlanOutcome, PlanStep, Service, Station, StationRecord, TaskAct, TaskWord } from "./types";

/** Each time it is asked goes on record: it tells where the person is. */
export const readCandidates = (incident: string): Promise<Candidates> =>
  read(api.GET("/api/incidents/{id}/candidates", { params: { path: { id: incident } } }));

export const dispatch = (incident: Incident, stations: string[], note: string, key: string): Promise<Outcome> =>
  settle(api.POST("/api/incidents/{id}/dispatch", { params: to(incident, key), body: { expected_version: incident.version, stations, note } }));

/** The one refusal of this route that is not about the incident: nobody at the desk has this name. */
export async function transfer(incident: Incident, username: string, key: string): Promise<Outcome> {
  const outcome = await settle(api.POST("/api/incidents/{id}/transfer", { params: to(incident, key), body: { expected_version: incident.version, to: username } }));
  return outcome.kind === "refused" && outcome.code === "unprocessable" ? { ...outcome, code: "nobody_at_desk" } : outcome;
}

export const handOver = (incident: Incident, service: Service, words: string, key: string): Promise<Outcome> =>
  settle(api.POST("/api/incidents/{id}/handover", { params: to(incident, key), body: { expected_version: incident.version, to: service, words } }));

/** Null: nobody known. */
export const identify = (incident: Incident, resident: string | null, key: string): Promise<Outcome> =>
  settle(api.POST("/api/incidents/{id}/resident", { params: to(incident, key), body: { expected_version: incident.version, resident } }));

export const resolve = (incident: Incident, key: string): Promise<Outcome> =>
  settle(api.POST("/api/incidents/{id}/resolve", { params: to(incident, key), body: { expected_version: incident.version } }));

export const reopen = (incident: Incident, reason: string, key: string): Promise<Outcome> =>
  settle(api.POST("/api/incidents/{id}/reopen", { params: to(incident, key), body: { expected_version: incident.version, reason } }));

/** The holder has seen signals that joined; each sounds until then. */
export const confirm = (incident: Incident, signals: string[], key: string): Promise<Outcome> =>
  settle(api.POST("/api/incidents/{id}/confirm", { params: to(incident, key), body: { expected_version: incident.version, signals } }));

export const markStep = (incident: Incident, step: PlanStep, outcome: PlanOutcome, text: string, key: string): Promise<Outcome> =>
  settle(api.POST("/api/incidents/{id}/step", { params: to(incident, key), body: { expected_version: incident.version, step, outcome, text } }));

/** The other one ends in this one. The version it was decided on is all that keeps it from being done twice. */
export const merge = (incident: Incident, from: string): Promise<Outcome> =>
  settle(api.POST("/api/incidents/{id}/merge", { params: { path: { id: incident.id } }, body: { expected_version: incident.version, from } }));

/** Answers with the new incident, which nobody has yet. Null: nobody knows whom it is about. */
export const split = (incident: Incident, signals: string[], resident: string | null): Promise<Outcome> =>
  settle(api.POST("/api/incidents/{id}/split", { params: { path: { id: incident.id } }, body: { expected_version: incident.version, signals, resident } }));

export type TaskOutcome = { kind: "done"; task: IncidentTask } | Failure;

export async function tellTask(task: IncidentTask, act: TaskAct, word: Omit<TaskWord, "expected_version">, key: string): Promise<TaskOutcome> {
  const params = { path: { id: task.id, act }, header: { "Idempotency-Key": key } };
  try {
    const answer = await api.POST("/api/tasks/{id}/{act}", { params, body: { expected_version: task.version, ...word } });
    return answer.data ? { kind: "done", task: answer.data } : failureOf(answer);
  } catch {
    return { kind: "unreached" };
  }
}

export const readStations = async (): Promise<Station[]> => (await read(api.GET("/api/stations"))).items;

/** Enters it, or replaces all that is known of it. */
export const putStation = (id: string, body: StationRecord): Promise<Answered<Station>> =>
  answered(api.PUT("/api/stations/{id}", { params: { path: { id } }, body }));
