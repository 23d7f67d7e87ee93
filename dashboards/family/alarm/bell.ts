/**
 * The bell: sound and vibration from the moment somebody calls for help until it is touched away, answered or over.
 *
 * Whether it can be heard is shown. The call centre acts whether or not any telephone rang.
 */
import { calling, withSeen } from "../../src/family/board";
import { whoIs } from "../../src/session/state";
import { createBell, vibrate } from "../../src/sound/bell";
import { onTick } from "../../src/time/useNow";
import { onBoard, useFamily } from "../state/store";

const VIBRATION_MS = [400, 150, 400];
const VIBRATE_EVERY_TICKS = 2;

const bell = createBell({
  pattern() {
    const { session, board } = useFamily.getState();
    return whoIs(session) === null ? null : (calling(board)[0]?.severity ?? null);
  },
  isWanted: () => useFamily.getState().session.kind === "in",
  sound: () => useFamily.getState().sound,
  keepSound: (sound) => useFamily.setState({ sound }),
});

export const startBell = bell.start;

export const silence = (): void => onBoard(withSeen);

export function watchBell(): void {
  useFamily.subscribe((state, before) => {
    if (state.board !== before.board || state.session !== before.session) bell.ring();
  });
  bell.watch();
  let ticks = 0;
  onTick(() => {
    if ((ticks += 1) % VIBRATE_EVERY_TICKS === 0 && calling(useFamily.getState().board).length > 0) vibrate(VIBRATION_MS);
  });
}
