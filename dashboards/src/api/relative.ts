/** What a relative asks and says. */
import { answered, type Answered } from "./account";
import { api } from "./client";
import type { AnswerName } from "../family/answer";
import type { Incident, ResidentCard, Track } from "./types";

/** More would not be seen on a telephone. */
const POINTS_AT_MOST = 1_000;
/** The most that is looked back for what has ended. */
export const INCIDENTS_AT_MOST = 20;

/** The newest first, open and closed. Refused once no grant runs any more. */
export const readIncidents = (): Promise<Answered<{ items: Incident[] }>> =>
  answered(api.GET("/api/incidents", { params: { query: { state: "all", limit: INCIDENTS_AT_MOST } } }));

export const readIncident = (id: string): Promise<Answered<Incident>> => answered(api.GET("/api/incidents/{id}", { params: { path: { id } } }));

/** With where she is, as far as may be known. Each time it is asked goes on record. */
export const readCard = (resident: string): Promise<Answered<ResidentCard>> => answered(api.GET("/api/residents/{id}", { params: { path: { id: resident } } }));

/** Null: the consent does not cover it. */
export async function readTrackSince(resident: string, from: string): Promise<Track | null> {
  const answer = await answered(api.GET("/api/residents/{id}/track", { params: { path: { id: resident }, query: { from, max_points: POINTS_AT_MOST } } }));
  if (answer.kind === "refused" && answer.status === 403) return null;
  if (answer.kind !== "done" || typeof answer.value === "string") throw new Error("the track is not what was asked for");
  return answer.value as Track;
}

/** A repetition under the same key is the same word. */
export const sendAnswer = (incident: string, answer: AnswerName, text: string, key: string): Promise<Answered<unknown>> =>
  answered<unknown>(api.POST("/api/incidents/{id}/answer", {
    params: { path: { id: incident }, header: { "Idempotency-Key": key } }, body: { answer, ...(text === "" ? {} : { text }) },
  }));
