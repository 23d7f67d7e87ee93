/**
 * The bell: sound and vibration while a task waits for an answer, or whoever has it says nothing for too long.
 *
 * Whether it can be heard is shown; the server calls the desk when nobody answers, whether or not any telephone rang.
 */
import type { Severity } from "../../src/api/types";
import type { SessionState } from "../../src/session/state";
import { createBell, vibrate } from "../../src/sound/bell";
import { ringing } from "../../src/task/board";
import { onTick } from "../../src/time/useNow";
import { door } from "../door";
import { useStation } from "../state/store";

const VIBRATION_MS = [400, 150, 400];
const NUDGE_VIBRATION_MS = [1_000];
const NUDGE_MS = 3_000;

/** Until when it also sounds for a task that was taken away: whoever drives does not look at the screen. */
let nudgesUntilMs = 0;

/** Whoever opened the link in a message has no session: the page is theirs as long as it is open. */
const isTheirs = (kinds: readonly SessionState["kind"][]): boolean => door().looksBySelf || kinds.includes(useStation.getState().session.kind);

/** What is to be heard now. */
export function toBeHeard(): Severity | null {
  const isNudging = performance.now() < nudgesUntilMs;
  return isTheirs(["in", "ended"]) ? (ringing(useStation.getState().board) ?? (isNudging ? "notice" : null)) : null;
}

/** Whether a touch anywhere may turn the sound on. */
export const isWanted = (): boolean => isTheirs(["in"]);

const bell = createBell({
  pattern: toBeHeard,
  isWanted,
  sound: () => useStation.getState().sound,
  keepSound: (sound) => useStation.setState({ sound }),
});

export const startBell = bell.start;

function nudge(): void {
  nudgesUntilMs = performance.now() + NUDGE_MS;
  vibrate(NUDGE_VIBRATION_MS);
}

let vibrates = false;

function shake(): void {
  const shouldShake = ringing(useStation.getState().board) !== null;
  if (shouldShake) vibrate(VIBRATION_MS);
  else if (vibrates) vibrate(0);
  vibrates = shouldShake;
}

export function watchBell(): void {
  useStation.subscribe((state, before) => {
    const [newest] = state.board.notices;
    if (newest && !newest.own && !before.board.notices.includes(newest) && state.board.notices.length > before.board.notices.length) nudge();
    if (state.board !== before.board || state.session !== before.session) bell.ring();
  });
  bell.watch();
  let seconds = 0;
  onTick(() => {
    if ((seconds += 1) % 2 === 0) shake();
  });
}
