/** Tasks of stations: what there is to do, and a station's word on how far it has come. */
import { answered, type Answered } from "./account";
import { api } from "./client";
import { read } from "./read";
import type { IncidentEvent, LinkedTask, Task, TaskAct, TaskWord } from "./types";

/** To a station its own. Those that have ended no longer say whom they were about. */
export const readTasks = async (state: "live" | "all"): Promise<Task[]> =>
  (await read(api.GET("/api/tasks", { params: { query: { state } } }))).items;

/** A repetition under the same key is the same word, not a second one. */
export const actOnTask = (id: string, act: TaskAct, body: TaskWord, key: string): Promise<Answered<Task>> =>
  answered(api.POST("/api/tasks/{id}/{act}", { params: { path: { id, act }, header: { "Idempotency-Key": key } }, body }));

export const readEvents = async (incident: string): Promise<IncidentEvent[]> =>
  (await read(api.GET("/api/incidents/{id}/events", { params: { path: { id: incident } } }))).items;

/** What the link in a station's message opens. Null: the task is over, or the link is none. Throws where there was no answer. */
export async function readLinkedTask(token: string): Promise<LinkedTask | null> {
  const { data, response } = await api.GET("/api/task/{token}", { params: { path: { token } } });
  if (data) return data;
  if (response.status === 404) return null;
  throw new Error(response.statusText);
}

export const actOnLinkedTask = (token: string, act: TaskAct, body: TaskWord): Promise<Answered<Task>> =>
  answered(api.POST("/api/task/{token}/{act}", { params: { path: { token, act } }, body }));
