/**
 * A station's screen that nobody touches. On duty it is covered: count and bell go on, and it is never logged out. It is on duty once
 * its sound was turned on, also after a reload, and as long as there is a visit to be made. Off duty it would not ring anyway, and
 * is logged out, so that the desk does not count on it.
 */
import { hindranceOf } from "../../src/session/hindrance";
import { idleAct, idleBefore, LOCK_AFTER_MS } from "../../src/session/idle";
import { whoIs } from "../../src/session/state";
import { onTouch } from "../../src/session/touches";
import { namesInVain, withoutNames } from "../../src/task/board";
import { onTick } from "../../src/time/useNow";
import { logOut } from "../session/session";
import { onBoard, type StationState, useStation } from "../state/store";
import { cover } from "./cover";
import { keep, kept, onDutyAtMs, tellOnDuty } from "./kept";

/** Written down no oftener than this. */
const KEPT_EVERY_MS = 10_000;
/** How long to wait after the server could not log out. */
const AGAIN_AFTER_MS = 10_000;

/** By the wall clock: a telephone that sleeps counts no time else. */
let touchedAtMs = Date.now();
let keptAtMs = -Infinity;
let toldAtMs = -Infinity;
let triedAtMs = -Infinity;

function keepTouch(): void {
  keptAtMs = Date.now();
  keep("touched", `${touchedAtMs}`);
}

function touched(): void {
  touchedAtMs = Date.now();
  if (touchedAtMs - keptAtMs >= KEPT_EVERY_MS) keepTouch();
}

const isOnDuty = ({ sound, board }: StationState): boolean => sound !== "off" || kept("on_duty") !== null || Object.keys(board.tasks).length > 0;

function tell(nowMs: number): void {
  if (nowMs - toldAtMs < KEPT_EVERY_MS) return;
  toldAtMs = nowMs;
  tellOnDuty(nowMs);
}

function leave(nowMs: number): void {
  if (nowMs - triedAtMs < AGAIN_AFTER_MS) return;
  triedAtMs = nowMs;
  void logOut();
}

/** A clock that was set back says nothing of the time before, and holds nothing up. */
function followClock(nowMs: number): void {
  touchedAtMs = Math.min(touchedAtMs, nowMs);
  keptAtMs = Math.min(keptAtMs, nowMs);
  toldAtMs = Math.min(toldAtMs, nowMs);
  triedAtMs = Math.min(triedAtMs, nowMs);
}

/** When another window of this browser was last on duty; one that says so of the time to come said it before the clock was set back. */
function dutyElsewhereAtMs(nowMs: number): number {
  const atMs = onDutyAtMs();
  return atMs <= nowMs ? atMs : 0;
}

function look(): void {
  const station = useStation.getState();
  const me = whoIs(station.session);
  if (!me || hindranceOf(me, "station") !== null) return;
  const nowMs = Date.now();
  followClock(nowMs);
  const onDuty = isOnDuty(station);
  if (onDuty) tell(nowMs);
  const idleMs = nowMs - (onDuty ? touchedAtMs : Math.max(touchedAtMs, dutyElsewhereAtMs(nowMs)));
  if (idleMs >= LOCK_AFTER_MS && namesInVain(station.board)) onBoard(withoutNames);
  const act = idleAct({ onDuty, isLocked: station.covered, idleMs });
  if (act === "lock") cover();
  if (act === "log_out" && station.session.kind === "in") leave(nowMs);
}

/** What the window kept is of whoever was in. */
function follow(state: StationState, before: StationState): void {
  if (state.sound !== "off" && before.sound === "off") keep("on_duty", "yes");
  if (state.session.kind !== "nobody" || before.session.kind === "nobody") return;
  for (const what of ["touched", "covered", "on_duty"] as const) keep(what, null);
  useStation.setState({ covered: false });
}

export function startIdleWatch(): void {
  touchedAtMs = Date.now() - idleBefore(kept("touched"), Date.now());
  useStation.setState({ covered: kept("covered") !== null });
  useStation.subscribe(follow);
  onTouch(touched);
  window.addEventListener("pagehide", keepTouch);
  // A page that was not seen may not have ticked.
  window.addEventListener("visibilitychange", look);
  onTick(look);
}
