/**
 * Letting the desk see where one is while a task of one's own is under way. Pure.
 *
 * The server keeps one consent of an account. This page asks for it task by task: what was agreed to for one task says nothing
 * about the next, and with its end the consent is taken back.
 */
import type { OwnPosition, Task } from "../api/types";
import { isLive } from "./stages";

/** No more often than this: enough to see somebody come, and kind to a battery. */
export const SEND_EVERY_MS = 10_000;
/** What is less exact the server does not take. */
const WORST_M = 50_000;

/** Why nothing is shared, or not now. */
export type Trouble = "insecure" | "unsupported" | "denied" | "unavailable" | "timeout" | "rough" | "unreached" | "refused" | "withdrawn";

export interface Sharing {
  /** The tasks it was agreed to for, on this telephone. */
  tasks: readonly string[];
  /** The server is being asked. */
  asking: boolean;
  /** It was taken back here and the server does not know yet. */
  owed: boolean;
  trouble: Trouble | null;
  /** When the server last took a position, by its clock. */
  sentMs: number | null;
}

export const notSharing: Sharing = { tasks: [], asking: false, owed: false, trouble: null, sentMs: null };

/** Whoever took the task; where it was taken by telephone, whoever goes. */
export const mayShare = (task: Pick<Task, "state" | "responder">, username: string): boolean =>
  isLive(task) && task.state !== "offered" && (task.responder == null || task.responder === username);

/** For which tasks a position is sent now. */
export const sharedFor = ({ tasks }: Sharing, known: Readonly<Record<string, Task>>, username: string): string[] =>
  tasks.filter((id) => known[id] !== undefined && mayShare(known[id], username));

/** For every task, since the server keeps one consent. A question that is under way is still under way. */
export const stopped = ({ asking }: Sharing, trouble: Trouble | null = null): Sharing => ({ ...notSharing, asking, owed: true, trouble });

/** Without the tasks that are no longer there. With the last of them the consent is over, and the server must hear that. */
export function withoutOver(sharing: Sharing, known: Readonly<Record<string, Task>>): Sharing {
  const tasks = sharing.tasks.filter((id) => known[id] !== undefined);
  if (tasks.length === sharing.tasks.length) return sharing;
  return tasks.length > 0 ? { ...sharing, tasks } : stopped(sharing);
}

export const isDue = (lastMs: number | null, nowMs: number): boolean => lastMs === null || nowMs - lastMs >= SEND_EVERY_MS;

/** Browsers tell no page where it is that somebody else could have changed on its way. */
export function obstacleOf({ isSecure, hasGeolocation }: { isSecure: boolean; hasGeolocation: boolean }): Trouble | null {
  if (!isSecure) return "insecure";
  return hasGeolocation ? null : "unsupported";
}

/** By the numbers of GeolocationPositionError. */
export const troubleOfCode = (code: number): Trouble => (code === 1 ? "denied" : code === 3 ? "timeout" : "unavailable");

export interface Measured {
  coords: Pick<GeolocationCoordinates, "latitude" | "longitude" | "accuracy">;
  /** By the telephone's clock. */
  timestamp: number;
}

/** As it is sent; null: too rough to tell anybody anything. The telephone's clock tells its age alone, for it may be wrong. */
export function bodyOf({ coords, timestamp }: Measured, phoneMs: number, serverMs: number): OwnPosition | null {
  if (!(coords.accuracy <= WORST_M)) return null;
  const age = Math.max(0, phoneMs - timestamp);
  return { lat: coords.latitude, lon: coords.longitude, accuracy_m: Math.max(1, coords.accuracy), at: new Date(serverMs - age).toISOString() };
}
