/** Who is offered what at an incident. The server has the last word. */
import type { Incident, Session } from "../../src/api/types";
import { canBeClaimed } from "../../src/incident/queue";

type Me = Pick<Session, "username" | "role"> | null;

export const isHolder = (incident: Incident, me: Me): boolean => me !== null && incident.holder?.username === me.username;

/** Its holder, or a supervisor in the holder's place. */
export function mayDirect(incident: Incident, me: Me): boolean {
  if (incident.unsaved || incident.state === "closed" || incident.holder == null) return false;
  return isHolder(incident, me) || me?.role === "supervisor";
}

/** Anybody at the desk may know the voice, or go on with a case that was closed too early. */
export const isAtDesk = (me: Me): boolean => me?.role === "operator" || me?.role === "supervisor";

/** A supervisor takes what a colleague holds and does not let go; what anybody may take is claimed. */
export const mayTakeOver = (incident: Incident, me: Me): boolean =>
  me?.role === "supervisor" && mayDirect(incident, me) && !isHolder(incident, me) && !canBeClaimed(incident);

export const mayClaim = (incident: Incident, me: Me): boolean => isAtDesk(me) && canBeClaimed(incident);
