/**
 * Stations asked to go: how far each has come, what may come next, and what the desk must do about one that does not go.
 * Pure.
 */
import type { Incident, IncidentTask as Task, TaskAct, TaskState } from "../api/types";
import { isCall, isLive } from "../task/stages";

/** Stations of which somebody still has something to do. */
export const atIt = (incident: Incident): Task[] => incident.tasks.filter(isLive);

const ACTS: Readonly<Partial<Record<TaskState, readonly TaskAct[]>>> = {
  offered: ["acknowledge", "decline"],
  acknowledged: ["en-route", "on-scene", "fail"],
  en_route: ["on-scene", "fail"],
  on_scene: ["finish", "fail"],
};

/** What a station may have to say next, the good news first. */
export const actsFrom = (state: TaskState): readonly TaskAct[] => ACTS[state] ?? [];

/** A station that will not come, or of which nothing is heard: reminded once, silent ever after. */
export type TroubleKind = "declined" | "failed" | "silent" | "reminded";

/** Somebody else goes: asked after it, on the way all the while, or done since. */
function isReplaced(task: Task, tasks: readonly Task[]): boolean {
  return tasks.some((other) => {
    if (other.id === task.id) return false;
    if (Date.parse(other.offered_at) > Date.parse(task.since)) return true;
    if (other.state === "finished") return Date.parse(other.since) > Date.parse(task.since);
    return isLive(other) && other.state !== "offered";
  });
}

/** The desk sounds for nothing else than what the stations said, or did not say. */
export function soundsForTasks({ sounding, holder, holder_lost, answer_by, attention }: Incident): boolean {
  return sounding && holder != null && answer_by == null && attention !== "everyone" && !holder_lost;
}

export function troubleOf(task: Task, incident: Incident): TroubleKind | null {
  if (isLive(task)) return task.overdue > 1 ? "silent" : task.overdue === 1 ? "reminded" : null;
  if (task.state !== "declined" && task.state !== "failed") return null;
  if (incident.state === "closed" || incident.state === "resolved") return null;
  return !isReplaced(task, incident.tasks) || soundsForTasks(incident) ? task.state : null;
}

/** What the desk must do something about, the latest first. A station that was only reminded may still answer. */
export function troubles(incident: Incident): Task[] {
  const grave = incident.tasks.filter((task) => {
    const kind = troubleOf(task, incident);
    return kind !== null && kind !== "reminded";
  });
  return grave.sort((left, right) => Date.parse(right.since) - Date.parse(left.since));
}

/** Stations whose staff at the door, or on the way, said that they need something. */
export const saidOnScene = (incident: Incident): Task[] => atIt(incident).filter(({ said }) => said != null && isCall(said));

/** What is under way first, in the order asked; then what has ended, the latest first. */
export function inTaskOrder(tasks: readonly Task[]): Task[] {
  const ended = tasks.filter((task) => !isLive(task));
  return [...tasks.filter(isLive), ...ended.sort((left, right) => Date.parse(right.since) - Date.parse(left.since))];
}

/** `120：3 分钟到`, as the server puts it: to whom, and what was said. */
export function handedOver(text: string): { to: string; words: string } {
  const at = text.indexOf("：");
  return at === -1 ? { to: text, words: "" } : { to: text.slice(0, at), words: text.slice(at + 1) };
}

const REOPENED_WITHIN_MS = 24 * 3_600_000;

/** A case that was closed too early goes on; after a day it is another one. */
export const canBeReopened = ({ state, closed, unsaved }: Incident, nowMs: number): boolean =>
  state === "closed" && !unsaved && closed != null && nowMs - Date.parse(closed.at) <= REOPENED_WITHIN_MS;
