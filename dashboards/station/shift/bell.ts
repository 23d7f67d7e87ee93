/**
 * The bell: sound and vibration while a task waits for an answer.
 *
 * Whether it can be heard is shown; the server calls the desk when nobody answers, whether or not any telephone rang.
 */
import { createBell, vibrate } from "../../src/sound/bell";
import { ringing } from "../../src/task/board";
import { onTick } from "../../src/time/useNow";
import { useStation } from "../state/store";

const VIBRATION_MS = [400, 150, 400];
const NUDGE_VIBRATION_MS = [1_000];
const NUDGE_MS = 3_000;

/** Until when it also sounds for a task that was taken away: whoever drives does not look at the screen. */
let nudgesUntilMs = 0;

const bell = createBell({
  pattern() {
    const { session, board } = useStation.getState();
    const isNudging = performance.now() < nudgesUntilMs;
    return session.kind === "in" || session.kind === "ended" ? (ringing(board) ?? (isNudging ? "notice" : null)) : null;
  },
  isWanted: () => useStation.getState().session.kind === "in",
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
