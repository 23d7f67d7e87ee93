/**
 * The bell: sound and vibration while a task waits for an answer.
 *
 * Browsers let a page sound only after it was touched. Whether it can be heard is shown; the server calls the desk when
 * nobody answers, whether or not any telephone rang.
 */
import { AlarmVoice } from "../../console/shift/audio";
import { ringing } from "../../src/task/board";
import { onTick } from "../../src/time/useNow";
import { useStation, type Sound } from "../state/store";

const VIBRATION_MS = [400, 150, 400];
const NUDGE_VIBRATION_MS = [1_000];
const NUDGE_MS = 3_000;

let voice: AlarmVoice | null = null;
let starting: Promise<void> | null = null;
let wakeLock: WakeLockSentinel | null = null;

function look(): void {
  const sound: Sound = !voice ? "off" : voice.isRunning() && !voice.isStalled() ? "running" : "suspended";
  if (sound !== useStation.getState().sound) useStation.setState({ sound });
}

/** Call from a touch, a click or a key. */
export async function startBell(): Promise<void> {
  void keepAwake();
  starting ??= AlarmVoice.start(look).then((started) => { voice = started; }, () => { starting = null; });
  await starting;
  if (voice && !voice.isRunning()) await voice.restore();
  look();
  ring();
}

/** Until when it also sounds for a task that was taken away: whoever drives does not look at the screen. */
let nudgesUntilMs = 0;

function nudge(): void {
  nudgesUntilMs = performance.now() + NUDGE_MS;
  if ("vibrate" in navigator && navigator.userActivation?.hasBeenActive) navigator.vibrate(NUDGE_VIBRATION_MS);
}

function ring(): void {
  const { session, board } = useStation.getState();
  const isNudging = performance.now() < nudgesUntilMs;
  const pattern = session.kind === "in" || session.kind === "ended" ? (ringing(board) ?? (isNudging ? "notice" : null)) : null;
  voice?.loop(pattern);
}

let vibrates = false;

function shake(): void {
  if (!("vibrate" in navigator) || !navigator.userActivation?.hasBeenActive) return;
  const shouldShake = ringing(useStation.getState().board) !== null;
  if (shouldShake) navigator.vibrate(VIBRATION_MS);
  else if (vibrates) navigator.vibrate(0);
  vibrates = shouldShake;
}

/** The lock is lost whenever the page is hidden, and absent on plain HTTP; a telephone without it falls asleep. */
async function keepAwake(): Promise<void> {
  if (!("wakeLock" in navigator) || document.visibilityState !== "visible" || (wakeLock && !wakeLock.released)) return;
  try {
    wakeLock = await navigator.wakeLock.request("screen");
  } catch {
    wakeLock = null;
  }
}

function touched(): void {
  const { session, sound } = useStation.getState();
  if (session.kind === "in" && sound !== "running") void startBell();
}

export function watchBell(): void {
  useStation.subscribe((state, before) => {
    const [newest] = state.board.notices;
    if (newest && !newest.own && !before.board.notices.includes(newest) && state.board.notices.length > before.board.notices.length) nudge();
    if (state.board !== before.board || state.session !== before.session) ring();
  });
  let seconds = 0;
  onTick(() => {
    look();
    ring();
    if ((seconds += 1) % 2 === 0) shake();
  });
  for (const kind of ["pointerup", "keydown"]) document.addEventListener(kind, touched);
  document.addEventListener("visibilitychange", () => {
    if (voice) void keepAwake();
  });
}
