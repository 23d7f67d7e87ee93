/**
 * What an operator does to an incident, and the few honest ways in which it can end.
 *
 * A command never says "done" before the server has: `done` carries the incident as it now is on disk, `conflict` what
 * was first and who has it, `unsaved` that there is nothing on disk yet to act upon, `unreached` that we do not know.
 */
import { api } from "./client";
import type { Holder, Incident, NoteContact, Problem } from "./types";

export type Failure =
  | { kind: "conflict"; holder: Holder | null; code: string; version?: number }
  | { kind: "unsaved" }
  | { kind: "refused"; status: number; code: string; detail: string }
  | { kind: "unreached" };

export type Outcome = { kind: "done"; incident: Incident } | Failure;

interface Answered<Value> {
  data?: Value;
  error?: unknown;
  response: Response;
}

export function problemOf(error: unknown): Partial<Problem> {
  return typeof error === "object" && error !== null ? (error as Partial<Problem>) : {};
}

export function failureOf({ error, response }: Answered<unknown>): Failure {
  const problem = problemOf(error);
  if (response.status === 409) {
    const moved = { holder: problem.holder ?? null, code: problem.code ?? "" };
    return { kind: "conflict", ...moved, ...(typeof problem.version === "number" ? { version: problem.version } : {}) };
  }
  if (problem.code === "not_on_disk") return { kind: "unsaved" };
  const detail = problem.detail ?? problem.title ?? "";
  return { kind: "refused", status: response.status, code: problem.code ?? "", detail };
}

export function outcomeOf(answer: Answered<Incident>): Outcome {
  return answer.data ? { kind: "done", incident: answer.data } : failureOf(answer);
}

export async function settle(request: Promise<Answered<Incident>>): Promise<Outcome> {
  try {
    return outcomeOf(await request);
  } catch {
    return { kind: "unreached" };
  }
}

export const to = (incident: Incident, key: string) => ({
  path: { id: incident.id },
  header: { "Idempotency-Key": key },
});

const claimAt = (incident: Incident, version: number, key: string): Promise<Outcome> =>
  settle(
    api.POST("/api/incidents/{id}/claim", {
      params: to(incident, key),
      body: { expected_version: version },
    }),
  );

/**
 * Takes it. A step of its ladder or another press may come while the key is on its way: nobody has it for that, so it is taken as
 * it is then. Whoever was faster keeps it.
 */
export async function claim(incident: Incident, key: string): Promise<Outcome> {
  const first = await claimAt(incident, incident.version, key);
  const hasOnlyMoved = first.kind === "conflict" && first.code === "version_conflict" && first.holder === null;
  return hasOnlyMoved && first.version !== undefined ? claimAt(incident, first.version, key) : first;
}

export const release = (incident: Incident, reason: string, key: string): Promise<Outcome> =>
  settle(
    api.POST("/api/incidents/{id}/release", {
      params: to(incident, key),
      body: { expected_version: incident.version, reason },
    }),
  );

export const note = (
  incident: Incident,
  text: string,
  contact: NoteContact | null,
  key: string,
): Promise<Outcome> =>
  settle(
    api.POST("/api/incidents/{id}/note", {
      params: to(incident, key),
      body: { expected_version: incident.version, text, ...(contact ? { contact } : {}) },
    }),
  );

export const close = (
  incident: Incident,
  closing: { cause: string; outcome: string; note: string; snooze_until?: string },
  key: string,
): Promise<Outcome> =>
  settle(
    api.POST("/api/incidents/{id}/close", {
      params: to(incident, key),
      body: { expected_version: incident.version, ...closing },
    }),
  );

export const openCall = (
  call: { resident: string | null; caller: string; words: string },
  key: string,
): Promise<Outcome> =>
  settle(
    api.POST("/api/incidents", {
      params: { header: { "Idempotency-Key": key } },
      body: { kind: "call", ...call },
    }),
  );
