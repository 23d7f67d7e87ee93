/** What a colleague gave to this desk is known to this window alone: it is kept over a reload. */
import { receivedIn } from "../../src/incident/received";
import { isShown, markSeen, useDesk } from "../state/deskStore";

const KEPT_AS = "jujiale.console.received";

function kept(): string | null {
  try {
    return sessionStorage.getItem(KEPT_AS);
  } catch {
    return null;
  }
}

function keep(text: string): void {
  try {
    sessionStorage.setItem(KEPT_AS, text);
  } catch {
    // Without storage a reload forgets it; the ladder does not.
  }
}

export function keepReceived(): void {
  useDesk.setState({ received: receivedIn(kept()) });
  if (isShown(useDesk.getState())) markSeen(useDesk.getState().opened);
  useDesk.subscribe((desk, before) => {
    // Behind a lock, and before a page knows whose it is, nobody has seen what is opened.
    if (isShown(desk) && !isShown(before)) markSeen(desk.opened);
    if (desk.received !== before.received) keep(JSON.stringify(desk.received));
  });
}
