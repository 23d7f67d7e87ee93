/** What a colleague gave to this desk is known to this window alone: it is kept over a reload. */
import { receivedIn } from "../../src/incident/received";
import { useDesk } from "../state/deskStore";

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
  const { opened } = useDesk.getState();
  const { [opened ?? ""]: _seen, ...received } = receivedIn(kept());
  useDesk.setState({ received });
  useDesk.subscribe((desk, before) => {
    if (desk.received !== before.received) keep(JSON.stringify(desk.received));
  });
}
