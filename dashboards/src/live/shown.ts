/** What a page tells the server of what sounds at its desk: that it has it, and whether it can be seen. Pure. */
import type { Incident } from "../api/types";
import { type Desk, sounds } from "../incident/sound";

export interface Shown {
  type: "shown";
  incident: string;
  visible: boolean;
}

/** A page behind another, or in a window that is put away, has it and shows it to nobody. What is on no disk comes again as what it becomes. */
export function shownAt(desk: Desk | null, incidents: Iterable<Incident>, visibility: DocumentVisibilityState): Shown[] {
  if (desk === null) return [];
  const sounding = [...incidents].filter((incident) => !incident.unsaved && sounds(incident, desk));
  return sounding.map(({ id }): Shown => ({ type: "shown", incident: id, visible: visibility === "visible" }));
}
