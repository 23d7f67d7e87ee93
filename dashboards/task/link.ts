/** The link in a station's message as a way in: it opens one task alone, until that is over. */
import { actOnLinkedTask, readLinkedTask } from "../src/api/tasks";
import type { ResidentCard, Task } from "../src/api/types";
import type { Door } from "../station/door";
import { keepTasks, takeOff, useStation } from "../station/state/store";

/** Opened behind `#`, so that it stands in no server's log of pages. */
export const tokenIn = (hash: string): string => hash.replace(/^#/, "");

export function doorOf(token: string): Door {
  let card: ResidentCard | null = null;
  const look = async (): Promise<Task[]> => {
    const found = token === "" ? null : await readLinkedTask(token);
    card = found?.resident ?? null;
    return found ? [found.task] : [];
  };
  return {
    looksBySelf: true,
    tasks: look,
    act: (_id, act, body) => actOnLinkedTask(token, act, body),
    events: () => Promise.resolve([]),
    async card() {
      if (card === null) await look();
      if (card === null) throw new Error("");
      return card;
    },
  };
}

export type Opened = "asking" | "open" | "over" | "unreached";

/** Looks again; what is not told of any more leaves the screen, and says so. */
export async function lookAgain(door: Door): Promise<Opened> {
  try {
    const found = await door.tasks("live");
    keepTasks(found);
    const told = new Set(found.map((task) => task.id));
    takeOff(Object.keys(useStation.getState().board.tasks).filter((id) => !told.has(id)));
    return found.length > 0 ? "open" : "over";
  } catch {
    return "unreached";
  }
}
