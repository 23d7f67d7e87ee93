/** What a page tells the server of itself: what it has, whether somebody who looks can see it, and whether a desk is on duty. Pure. */
import type { Incident, Task } from "../api/types";
import { type Desk, sounds } from "../incident/sound";

export interface Shown {
  type: "shown";
  incident: string;
  /** At a station: which of its tasks. */
  task?: string;
  visible: boolean;
}

export interface Duty {
  type: "duty";
  on: boolean;
}

/** A desk that cannot be heard, or that nobody may sit at any more, holds nobody else's call back. */
export function dutyAt({ shiftSince, audio }: { shiftSince: number | null; audio: string }, locked: boolean): Duty {
  return { type: "duty", on: shiftSince !== null && audio === "running" && !locked };
}

/** With each health frame it is said again, for the server believes it for half a minute alone: a page that hangs takes no frame, and one behind another tab takes each. */
export const dutyAgain = ({ type }: { type: string }, duty: Duty): Duty[] => (type === "health" && duty.on ? [duty] : []);

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
