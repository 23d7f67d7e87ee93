/** Incidents that a colleague gave to whoever sits here: they sound and are marked until they are opened or go on. Pure. */
import type { Incident } from "../api/types";

type Incidents = Readonly<Record<string, Incident>>;

/** By their ids, with who gave them. */
export type Received = Readonly<Record<string, string>>;

/** Incidents that somebody else had a moment ago, and this account has now. */
export function receivedNow(incidents: readonly Incident[], before: Incidents, username: string): Incident[] {
  return incidents.filter((incident) => {
    const earlier = before[incident.id]?.holder?.username;
    return incident.holder?.username === username && earlier !== undefined && earlier !== username;
  });
}

const isTheirs = (incident: Incident | undefined, username: string): boolean => incident?.holder?.username === username && incident.state !== "closed";

/**
 * What stands received after the incidents changed. Whoever took it themselves, or has it on the screen, was given nothing; what
 * has gone on to somebody else waits for nobody here. The same object where nothing changed.
 */
export function receivedAfter(received: Received, incidents: Incidents, before: Incidents, username: string, isKnown: (id: string) => boolean): Received {
  const kept = Object.entries(received).filter(([id]) => isTheirs(incidents[id], username));
  const given = receivedNow(Object.values(incidents), before, username)
    .filter((incident) => isTheirs(incident, username) && !isKnown(incident.id))
    .map(({ id }) => [id, before[id]?.holder?.username ?? ""] as const);
  if (given.length === 0 && kept.length === Object.keys(received).length) return received;
  return Object.fromEntries([...kept, ...given]);
}

/** Without one that whoever sits here has seen or acted on. The same object where it was not among them. */
export function withoutSeen(received: Received, id: string | null): Received {
  if (id === null || received[id] === undefined) return received;
  const { [id]: _seen, ...others } = received;
  return others;
}

/** What a window kept of them over a reload; anything else that stands there is nothing. */
export function receivedIn(text: string | null): Received {
  try {
    const kept: unknown = JSON.parse(text ?? "{}");
    if (typeof kept !== "object" || kept === null || Array.isArray(kept)) return {};
    return Object.fromEntries(Object.entries(kept).filter((entry): entry is [string, string] => typeof entry[1] === "string"));
  } catch {
    return {};
  }
}
