/**
 * How far help has come, as a family is told it: the stages with their times, what holds now, and what went back. Pure.
 *
 * The stages are those the handset tells the person. Who is on the way or there stays so, whatever the desk does.
 */
import type { Incident, IncidentEvent, IncidentTask, TaskState } from "../api/types";
import { isLive } from "../task/stages";

export const STAGES = ["received", "claimed", "on_the_way", "on_scene", "closed"] as const;
export type Stage = (typeof STAGES)[number];

const has = (incident: Incident, state: TaskState): boolean => incident.tasks.some((task) => task.state === state);

export function stageOf(incident: Incident): Stage {
  if (incident.state === "closed") return "closed";
  if (has(incident, "on_scene")) return "on_scene";
  if (has(incident, "en_route")) return "on_the_way";
  return incident.holder != null ? "claimed" : "received";
}

/** When each stage was reached last, from the account of the case, and from the case itself where that is not there. */
function reachedTimes(incident: Incident, events: readonly IncidentEvent[]): Partial<Record<Stage, string>> {
  const times: Partial<Record<Stage, string>> = { received: incident.opened_at };
  const note = (stage: Stage, at: string) => {
    const known = times[stage];
    if (known === undefined || Date.parse(at) > Date.parse(known)) times[stage] = at;
  };
  for (const { kind, at, task_state } of events) {
    if (kind === "claimed" || kind === "reopened") note("claimed", at);
    if (kind === "task_moved" && task_state === "en_route") note("on_the_way", at);
    if (kind === "task_moved" && task_state === "on_scene") note("on_scene", at);
  }
  if (incident.holder) times.claimed ??= incident.holder.since;
  for (const { state, since } of incident.tasks) {
    if (state === "en_route") times.on_the_way ??= since;
    if (state === "on_scene") times.on_scene ??= since;
  }
  if (incident.closed) times.closed = incident.closed.at;
  return times;
}

export interface Step {
  stage: Stage;
  /** `undone` was reached and holds no longer; `skipped` was never reached, and it is over. */
  is: "passed" | "now" | "ahead" | "undone" | "skipped";
  at: string | null;
}

export function stepsOf(incident: Incident, events: readonly IncidentEvent[]): Step[] {
  const now = STAGES.indexOf(stageOf(incident));
  const times = reachedTimes(incident, events);
  // Whoever came and has done the work was there: that is not undone by their leaving.
  const visited = has(incident, "finished") ? STAGES.indexOf("on_scene") : -1;
  return STAGES.map((stage, place) => {
    const at = times[stage] ?? null;
    if (place === now) return { stage, is: "now", at };
    // Who is there must have come; but a case may end without anybody having gone.
    if (place < now || place <= visited) return { stage, is: at === null && incident.state === "closed" ? "skipped" : "passed", at };
    return { stage, is: at === null || stage === "closed" ? "ahead" : "undone", at: stage === "closed" ? null : at };
  });
}

const newest = (tasks: readonly IncidentTask[]): IncidentTask | undefined =>
  tasks.reduce<IncidentTask | undefined>((latest, task) => (latest && Date.parse(latest.since) > Date.parse(task.since) ? latest : task), undefined);

/** What holds now. Never more than is true; what goes back says that it does, and why. */
export type Now =
  | "closed" | "resolved" | "on_scene" | "on_the_way" | "done_there" | "station_ready" | "station_asked" | "station_lost" | "claimed" | "silent" | "released" | "calling_all" | "received" | "unsaved";

function ofStations(incident: Incident): Now | null {
  if (has(incident, "on_scene")) return "on_scene";
  if (has(incident, "en_route")) return "on_the_way";
  if (has(incident, "acknowledged")) return "station_ready";
  if (has(incident, "offered")) return "station_asked";
  const last = newest(incident.tasks.filter((task) => !isLive(task)));
  if (last === undefined) return null;
  return last.state === "finished" ? "done_there" : "station_lost";
}

export function nowOf(incident: Incident, events: readonly IncidentEvent[]): Now {
  if (incident.state === "closed") return "closed";
  if (incident.unsaved) return "unsaved";
  const stations = ofStations(incident);
  if (stations === "on_scene" || stations === "on_the_way") return stations;
  if (incident.holder == null) {
    if (incident.attention === "everyone") return "calling_all";
    return events.some(({ kind }) => kind === "released") ? "released" : "received";
  }
  if (incident.state === "resolved") return "resolved";
  // The holder does not answer a later press: others are called, and that is the news.
  if (incident.attention === "everyone") return "silent";
  return stations ?? "claimed";
}

/** Lines of the account that a family is told; what concerns the desk alone is left out. */
export interface Told {
  at: string;
  key: string;
  /** It went back a step. */
  back: boolean;
  station: string | null;
}

const PLAIN: Readonly<Partial<Record<IncidentEvent["kind"], string>>> = {
  opened: "opened", signal_joined: "signal_joined", claimed: "claimed", released: "released", dispatched: "dispatched", transferred: "transferred", handed_over: "handed_over",
  resolved: "resolved", reopened: "reopened", closed: "closed", answer_overdue: "answer_overdue", ladder_stepped: "ladder_stepped", task_overdue: "task_overdue",
};
const BACK: ReadonlySet<string> = new Set(["released", "task.declined", "task.failed", "task.withdrawn", "answer_overdue", "task_overdue"]);

function keyOf({ kind, contact, task_state }: IncidentEvent): string | null {
  if (kind === "noted") return contact ? `contact.${contact}` : null;
  if (kind === "task_moved") return task_state ? `task.${task_state}` : null;
  return PLAIN[kind] ?? null;
}

/** The latest first. Nobody is named but the station that was asked. */
export function accountOf(incident: Incident, events: readonly IncidentEvent[]): Told[] {
  const stations = new Map(incident.tasks.map((task) => [task.id, task.station.name]));
  return events.flatMap((event) => {
    const key = keyOf(event);
    return key === null ? [] : [{ at: event.at, key, back: BACK.has(key), station: event.task ? (stations.get(event.task) ?? null) : null }];
  }).reverse();
}
