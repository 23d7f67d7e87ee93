/**
 * Why closed incidents are looked at. It is said once, and goes with every question about the incident for as long as this page
 * stands; the server puts it on record.
 */
const said = new Map<string, string>();

export function giveReason(incident: string, reason: string): void {
  said.set(incident, reason);
}

export const reasonFor = (incident: string): string | undefined => said.get(incident);

const ABOUT_ONE = "/api/incidents/{id}";

/** The address of a question about an incident with the reason for it; null where there is nothing to add. */
export function addressWithReason(method: string, route: string, url: string, incident: string): string | null {
  const reason = reasonFor(incident);
  if (method !== "GET" || !route.startsWith(ABOUT_ONE) || reason === undefined) return null;
  return `${url}${url.includes("?") ? "&" : "?"}reason=${encodeURIComponent(reason)}`;
}
