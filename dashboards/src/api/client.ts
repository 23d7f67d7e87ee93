/**
 * The one HTTP client. It knows paths and shapes from the generated schema, gives every request a deadline, and tells
 * whoever listens when the server says that the session is over or its screen locked.
 */
import createClient from "openapi-fetch";
import { addressWithReason } from "../incident/reasons";
import type { paths } from "./schema";

/** A dispatcher who has heard nothing for this long should be told so rather than kept waiting. */
const REQUEST_TIMEOUT_MS = 10_000;

let onSessionEnded: () => void = () => undefined;

export function whenSessionEnds(listener: () => void): void {
  onSessionEnded = listener;
}

let onLocked: () => void = () => undefined;

/** The screen may have been locked from another window of the same session. */
export function whenLocked(listener: () => void): void {
  onLocked = listener;
}

export const api = createClient<paths>({
  baseUrl: "/",
  credentials: "same-origin",
  fetch: (request: Request) => fetch(request, { signal: AbortSignal.timeout(REQUEST_TIMEOUT_MS) }),
});

api.use({
  onRequest({ request, schemaPath, params }) {
    const address = addressWithReason(request.method, schemaPath, request.url, String(params.path?.id));
    return address === null ? undefined : new Request(address, request);
  },
  onResponse({ response, schemaPath }) {
    if (response.status === 401 && schemaPath !== "/api/session") onSessionEnded();
    if (response.status === 423) onLocked();
  },
});

/** For what may take longer: a report of a year, a gateway that is slow. */
export const patiently = (timeout_ms: number) => ({ fetch: (request: Request) => fetch(request, { signal: AbortSignal.timeout(timeout_ms) }) });

/**
 * A random version 4 UUID. `crypto.randomUUID` exists only in secure contexts, and a console may be opened over plain
 * HTTP inside the call centre's own network.
 */
export function randomKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x40;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}
