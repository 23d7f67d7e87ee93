/** Watches whether anybody touches this desk, in this window or in another one of the same browser. */
import { idleAct, idleBefore, LOCK_AFTER_MS } from "../../src/session/idle";
import { onTouch } from "../../src/session/touches";
import { onTick } from "../../src/time/useNow";
import { logOut } from "../session/session";
import { wasOnShift } from "../shift/shift";
import { isLocked, useDesk } from "../state/deskStore";
import { coverAndLock, owesLock } from "./lock";

/** Windows tell each other no oftener than this; a lock that comes so much late is none. */
const TOLD_EVERY_MS = 10_000;
/** How long to wait after the server could not lock or log out. */
const AGAIN_AFTER_MS = 10_000;

type Word = "touched" | "on_duty";

/** Absent in old browsers of telephones: then each window stands for itself. */
const windows = "BroadcastChannel" in window ? new BroadcastChannel("jujiale.console") : null;

/** Of this window alone, so that one that is loaded anew does not show names for ten minutes more. */
const KEPT_AS = "jujiale.console.touched";

/** By both clocks: the page's own stands still while the machine sleeps, and the wall's may be set. */
interface Moment {
  wallMs: number;
  pageMs: number;
}

const moment = (beforeMs = 0): Moment => ({ wallMs: Date.now() - beforeMs, pageMs: performance.now() - beforeMs });

/** Whichever clock says that it is longer ago. */
const sinceMs = (at: Moment): number => Math.max(Date.now() - at.wallMs, performance.now() - at.pageMs);

function kept(): string | null {
  try {
    return sessionStorage.getItem(KEPT_AS);
  } catch {
    return null;
  }
}

function keep(): void {
  try {
    sessionStorage.setItem(KEPT_AS, `${Date.now() - sinceMs(touchedAt)}`);
  } catch {
    // Without storage a page that is loaded anew counts as touched.
  }
}

let touchedAt = moment();
/** By the page's clock: another window that slept with this one is on duty still. */
let dutyElsewhereAtMs = -Infinity;
let triedAtMs = -Infinity;
const toldAtMs: Record<Word, number> = { touched: -Infinity, on_duty: -Infinity };

function tell(word: Word): void {
  const nowMs = performance.now();
  if (nowMs - toldAtMs[word] < TOLD_EVERY_MS) return;
  toldAtMs[word] = nowMs;
  windows?.postMessage(word);
  if (word === "touched") keep();
}

/** Whoever wakes a machine is not whoever left it. */
function touched(): void {
  if (sinceMs(touchedAt) >= LOCK_AFTER_MS) look();
  touchedAt = moment();
  tell("touched");
}

function hear({ data }: MessageEvent<unknown>): void {
  if (data === "touched") touchedAt = moment();
  if (data === "on_duty") dutyElsewhereAtMs = performance.now();
}

/** All windows share one session: one that lies in the background must not log out the one that is on duty. */
function look(): void {
  const desk = useDesk.getState();
  if (desk.session.kind !== "in") return;
  // Loaded anew on duty it is so still, though it cannot sound before somebody touches it.
  const onDuty = desk.shiftSince !== null || wasOnShift();
  if (onDuty) tell("on_duty");
  const nowMs = performance.now();
  const untouchedMs = sinceMs(touchedAt);
  const idleMs = onDuty ? untouchedMs : Math.min(untouchedMs, nowMs - dutyElsewhereAtMs);
  const act = idleAct({ onDuty, isLocked: isLocked(desk), owesLock: owesLock(), idleMs });
  if (act === null || nowMs - triedAtMs < AGAIN_AFTER_MS) return;
  triedAtMs = nowMs;
  if (act === "lock") void coverAndLock();
  else void logOut();
}

export function startIdleWatch(): void {
  touchedAt = moment(idleBefore(kept(), Date.now()));
  onTouch(touched);
  window.addEventListener("pagehide", keep);
  windows?.addEventListener("message", hear);
  // A page that was not seen may not have ticked.
  window.addEventListener("visibilitychange", look);
  onTick(look);
}
