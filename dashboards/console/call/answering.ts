/** A call that an exchange announces opens by itself at a desk that is free, so that whoever picks up has the card before them. */
import { callToOpen } from "../../src/incident/announced";
import { serverClock } from "../../src/time/useNow";
import { isTyping } from "../shell/useKeys";
import { useDesk } from "../state/deskStore";
import { useLive } from "../state/liveStore";
import { incidentInHash, openIncident } from "../state/route";

/** Words are being typed, a question stands there, or a claim is under way. */
function isOccupied(): boolean {
  const { dialog, claiming } = useDesk.getState();
  return dialog !== null || claiming.size > 0 || isTyping(document.activeElement) || document.querySelector(".ant-modal-confirm, .manage-menu [aria-expanded='true']") !== null;
}

/** The keyboard is in the queue. */
const isChoosing = (): boolean => document.activeElement?.closest("[data-incident]") != null;

export function startAnswering(): void {
  useLive.subscribe((state, before) => {
    const { session, opened } = useDesk.getState();
    if (state.incidents === before.incidents || session.kind !== "in") return;
    // The address changes before the page does: of two calls at once the first stays.
    const shown = incidentInHash(window.location.hash) ?? opened;
    const desk = { me: session.me, opened: shown, closed: state.closed, isOccupied: isOccupied(), isChoosing: isChoosing() };
    const call = callToOpen(desk, state.incidents, before.incidents, serverClock.nowMs());
    if (call) openIncident(call.id);
  });
}
