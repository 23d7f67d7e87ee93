/** What a page knows of its link: whether it is up, whether it ever was, and since when it is not. Pure. */
import type { LinkState } from "./liveClient";

export interface LinkFacts {
  link: LinkState;
  wasUp: boolean;
  /** Monotonic milliseconds at which the link was lost. */
  lostAtMs: number | null;
}

export const noLink: LinkFacts = { link: { kind: "stopped" }, wasUp: false, lostAtMs: null };

export function withLink(facts: Pick<LinkFacts, "lostAtMs">, link: LinkState, nowMs: number): Partial<LinkFacts> {
  if (link.kind === "up") return { link, wasUp: true, lostAtMs: null };
  return { link, lostAtMs: facts.lostAtMs ?? nowMs };
}
