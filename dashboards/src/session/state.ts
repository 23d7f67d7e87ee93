/** Who is logged in at this page, as far as it is known. */
import type { Session } from "../api/types";

export type SessionState =
  | { kind: "asking" }
  | { kind: "unreached" }
  | { kind: "nobody" }
  | { kind: "in"; me: Session }
  /** Whose page comes back if they log in again. */
  | { kind: "ended"; me: Session };

/** Whoever is logged in, or was until a moment ago. */
export const whoIs = (session: SessionState): Session | null => (session.kind === "in" || session.kind === "ended" ? session.me : null);

/** Whose page it was stays known; one on which nobody was is nobody's. */
export function afterEnd(session: SessionState): SessionState {
  if (session.kind === "ended") return session;
  return session.kind === "in" ? { kind: "ended", me: session.me } : { kind: "nobody" };
}
