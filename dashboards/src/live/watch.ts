/** What every page does about its link, whatever it hears there. */
import type { PageSession } from "../session/session";
import type { SessionState } from "../session/state";
import type { LinkState } from "./liveClient";

/** The session is asked after with every loss and every return. */
export function askAboutSession(link: LinkState, state: SessionState, session: PageSession): void {
  if (link.kind === "session_ended") session.ended();
  // A refused upgrade looks like any lost connection; only a request can tell whether the session is gone. What changed
  // while the link was down is told by no frame either.
  if ((link.kind === "down" || link.kind === "up") && state.kind === "in") void session.askWhoIsIn();
}

/** A network that is back, or a page that is looked at again, does not sit out the delay. */
export function retryWhenBack(link: { retryNow(): void }): void {
  window.addEventListener("online", () => link.retryNow());
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "visible") link.retryNow();
  });
}
