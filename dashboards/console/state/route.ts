/**
 * The opened incident stands in the address (`#/incidents/<id>`), so that Back, a reload and a link sent to a colleague
 * all lead to it. So does an invitation (`#/join/<code>`). The part behind `#` never reaches the server's log.
 */
import { withoutSeen } from "../../src/incident/received";
import { isShown, useDesk } from "./deskStore";

const PREFIX = "#/incidents/";
const JOIN_PREFIX = "#/join/";

function behind(prefix: string, hash: string): string | null {
  if (!hash.startsWith(prefix)) return null;
  try {
    return decodeURIComponent(hash.slice(prefix.length)) || null;
  } catch {
    return null;
  }
}

export const incidentInHash = (hash: string): string | null => behind(PREFIX, hash);
export const invitationInHash = (hash: string): string | null => behind(JOIN_PREFIX, hash);

export const incidentAddress = (id: string): string => PREFIX + encodeURIComponent(id);

export function openIncident(id: string): void {
  useDesk.setState({ selected: id });
  const hash = incidentAddress(id);
  if (window.location.hash === hash) follow();
  else window.location.hash = hash;
}

export function closePage(): void {
  if (useDesk.getState().opened === null) return;
  window.location.hash = "#/";
}

/** The code opens nothing any more, so it need not stay in the browser's history. */
export function leaveInvitation(): void {
  window.history.replaceState(null, "", "#/");
  follow();
}

function follow(): void {
  const opened = incidentInHash(window.location.hash);
  const joining = invitationInHash(window.location.hash);
  useDesk.setState((desk) => {
    // Beneath a lock nobody sees it.
    const received = isShown(desk) ? withoutSeen(desk.received, opened) : desk.received;
    return { opened, joining, selected: opened ?? desk.selected, received, dialog: null };
  });
}

export function startRoute(): void {
  window.addEventListener("hashchange", follow);
  follow();
}
