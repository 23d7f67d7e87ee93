/**
 * The opened incident stands in the address (`#/incidents/<id>`), so that Back, a reload and a link sent to a colleague
 * all lead to it. The part behind `#` never reaches the server.
 */
import { useDesk } from "./deskStore";

const PREFIX = "#/incidents/";

export function incidentInHash(hash: string): string | null {
  if (!hash.startsWith(PREFIX)) return null;
  try {
    return decodeURIComponent(hash.slice(PREFIX.length)) || null;
  } catch {
    return null;
  }
}

export function openIncident(id: string): void {
  useDesk.setState({ selected: id });
  const hash = PREFIX + encodeURIComponent(id);
  if (window.location.hash === hash) follow();
  else window.location.hash = hash;
}

export function closePage(): void {
  if (useDesk.getState().opened === null) return;
  window.location.hash = "#/";
}

function follow(): void {
  const opened = incidentInHash(window.location.hash);
  useDesk.setState((desk) => ({ opened, selected: opened ?? desk.selected, dialog: null }));
}

export function startRoute(): void {
  window.addEventListener("hashchange", follow);
  follow();
}
