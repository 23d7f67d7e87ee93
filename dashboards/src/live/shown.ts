/** What a page tells the server of what it has: that it has it, and whether somebody who looks can see it. Pure. */
import type { Incident, Task } from "../api/types";
import { type Desk, sounds } from "../incident/sound";

export interface Shown {
  type: "shown";
  incident: string;
  /** At a station: which of its tasks. */
  task?: string;
  visible: boolean;
}

/** A page behind another, or in a window that is put away, has it and shows it to nobody. What is on no disk comes again as what it becomes. */
export function shownAt(desk: Desk | null, incidents: Iterable<Incident>, visibility: DocumentVisibilityState): Shown[] {
  if (desk === null) return [];
  const sounding = [...incidents].filter((incident) => !incident.unsaved && sounds(incident, desk));
  return sounding.map(({ id }): Shown => ({ type: "shown", incident: id, visible: visibility === "visible" }));
}

/** What asks a station to go. Behind its cover, or on the list of what has ended, nobody sees it. */
export function shownTasks(tasks: Iterable<Task>, inSight: boolean): Shown[] {
  const asking = [...tasks].filter(({ state }) => state === "offered");
  return asking.map(({ id, incident_id }): Shown => ({ type: "shown", incident: incident_id, task: id, visible: inSight }));
}

/** What is open about somebody's own people. */
export function shownToFamily(incidents: Iterable<Incident>, inSight: boolean): Shown[] {
  const open = [...incidents].filter(({ state, unsaved }) => state !== "closed" && !unsaved);
  return open.map(({ id }): Shown => ({ type: "shown", incident: id, visible: inSight }));
}
