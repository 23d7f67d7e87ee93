/** By which way this screen asks about tasks: as the account that is logged in, or by the link in a message, which opens one task alone. */
import { api } from "../src/api/client";
import { read } from "../src/api/read";
import { actOnTask, readEvents, readTasks } from "../src/api/tasks";
import type { ResidentCard } from "../src/api/types";

export interface Door {
  /** It looks again by itself every few seconds, which is one look on record; elsewhere each is one, and is asked for by hand. */
  looksBySelf: boolean;
  tasks: typeof readTasks;
  act: typeof actOnTask;
  events: typeof readEvents;
  card: (resident: string) => Promise<ResidentCard>;
}

const ofAccount: Door = {
  looksBySelf: false, tasks: readTasks, act: actOnTask, events: readEvents,
  card: (id) => read(api.GET("/api/residents/{id}", { params: { path: { id } } })),
};

let chosen = ofAccount;

export const door = (): Door => chosen;

export const enterBy = (other: Door): void => { chosen = other; };
