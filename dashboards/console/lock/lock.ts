/**
 * The lock of the screen. It is the session's, kept by the server: locked means that the server tells this session no
 * name and no place. Here the desk is taken off the page and what it knew is veiled; the shift goes on and sounds.
 *
 * A session that ended does the same. It may have been ended from afar, because this device is not in good hands any more.
 */
import { Modal } from "antd";
import { lock, unlock, type Answered, type Unlocking } from "../../src/api/account";
import { whenLocked } from "../../src/api/client";
import { isVeiled } from "../../src/incident/veil";
import { dropPaper } from "../../src/paper/print";
import { liveLink } from "../live/link";
import { askWhoIsIn, markLocked } from "../session/session";
import { closeNotifications } from "../shift/alarm";
import { type DeskState, isLocked, isShown, useDesk } from "../state/deskStore";
import { useLive, withVeil } from "../state/liveStore";
import { queries } from "../state/queries";

/** The full snapshot follows an unlocking by itself, within moments. A link that brought none is asked. */
const SNAPSHOT_WITHIN_MS = 2_000;

export async function lockScreen(): Promise<Answered> {
  const answer = await lock();
  if (answer.kind === "done") markLocked();
  return answer;
}

/** The desk is covered, and the server does not know it yet. */
let isOwed = false;

export const owesLock = (): boolean => isOwed;

/** Nobody stands here who could be told that it failed: the desk is covered whatever the server says, and told again until it has heard. */
export async function coverAndLock(): Promise<void> {
  isOwed = true;
  markLocked();
  const answer = await lock();
  // 423: it is locked already.
  if (answer.kind === "done" || (answer.kind === "refused" && answer.status === 423)) isOwed = false;
}

export async function unlockScreen(how: Unlocking): Promise<Answered> {
  const answer = await unlock(how);
  if (answer.kind === "done") {
    isOwed = false;
    await askWhoIsIn();
  }
  return answer;
}

/** Somebody sat here, and nothing is shown to them. */
const isCovered = ({ session }: DeskState): boolean => session.kind === "ended" || (session.kind === "in" && session.me.locked);

function cover(): void {
  Modal.destroyAll();
  closeNotifications();
  dropPaper();
  queries.clear();
  // What was typed of a call outlives the end of a session, and stands there again after the next log-in.
  useDesk.setState(({ session, dialog }) => ({ dialog: session.kind === "ended" && dialog === "call" ? dialog : null, news: null }));
  useLive.setState(withVeil);
}

function uncover(): void {
  if (useLive.getState().link.kind !== "up") return liveLink.renew();
  window.setTimeout(() => {
    const isStillVeiled = Object.values(useLive.getState().incidents).some(isVeiled);
    if (isStillVeiled && isShown(useDesk.getState())) liveLink.renew();
  }, SNAPSHOT_WITHIN_MS);
}

export function startLock(): void {
  whenLocked(markLocked);
  useLive.subscribe(({ incidents }) => {
    // Nor does an answer that was under way when the session ended bring a name back.
    const mustHide = isOwed || useDesk.getState().session.kind === "ended";
    if (mustHide && Object.values(incidents).some((incident) => !isVeiled(incident))) useLive.setState(withVeil);
  });
  useDesk.subscribe((desk, before) => {
    if (desk.session.kind !== "in") isOwed = false;
    // A server that has not heard of the lock says that there is none.
    else if (isOwed && !isLocked(desk)) return markLocked();
    // Nothing more is to be heard for it, and the next one begins with everything.
    if (desk.session.kind === "ended" && before.session.kind !== "ended") liveLink.stop();
    if (isCovered(desk) === isCovered(before)) return;
    if (isCovered(desk)) cover();
    else if (desk.session.kind === "in") uncover();
  });
}
