/**
 * The bell: sound and vibration while a task waits for an answer, and for a moment each time the server asks after one of which
 * nothing was heard.
 *
 * Whether it can be heard is shown; the server calls the desk when nobody answers, whether or not any telephone rang.
 */
import type { Severity } from "../../src/api/types";
import type { SessionState } from "../../src/session/state";
import { createBell, vibrate } from "../../src/sound/bell";
import { type Board, overdue, ringing, wasReminded } from "../../src/task/board";
import { onTick } from "../../src/time/useNow";
import { door } from "../door";
import { useStation } from "../state/store";

const VIBRATION_MS = [400, 150, 400];
const NUDGE_VIBRATION_MS = [1_000];
const NUDGE_MS = 3_000;

/** Until when it also sounds for a task that was taken away, or asked after: whoever drives does not look at the screen. */
let nudgesUntilMs = 0;
let remindsUntilMs = 0;

/** Whoever opened the link in a message has no session: the page is theirs as long as it is open. */
const isTheirs = (kinds: readonly SessionState["kind"][]): boolean => door().looksBySelf || kinds.includes(useStation.getState().session.kind);

/** What is to be heard now. */
export function toBeHeard(): Severity | null {
  if (!isTheirs(["in", "ended"])) return null;
  const { board } = useStation.getState();
  const nowMs = performance.now();
  const reminder = nowMs < remindsUntilMs ? overdue(board) : null;
  return ringing(board) ?? reminder ?? (nowMs < nudgesUntilMs ? "notice" : null);
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

function remind(): void {
  remindsUntilMs = performance.now() + NUDGE_MS;
  vibrate(NUDGE_VIBRATION_MS);
}

/** What has changed may be worth a moment's sound. */
export function hear(board: Board, before: Board): void {
  const [newest] = board.notices;
  if (newest && !newest.own && !before.notices.includes(newest) && board.notices.length > before.notices.length) nudge();
  if (wasReminded(board, before)) remind();
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
    if (state.board !== before.board) hear(state.board, before.board);
    if (state.board !== before.board || state.session !== before.session) bell.ring();
  });
  bell.watch();
  let seconds = 0;
  onTick(() => {
    if ((seconds += 1) % 2 === 0) shake();
  });
}
