/**
 * A station's screen that nobody touches forgets whose visits are over. It is never locked and never logged out: it is there to ring
 * for the next task, and whoever is on the way with one needs name and place on it.
 */
import { LOCK_AFTER_MS } from "../../src/session/idle";
import { onTouch } from "../../src/session/touches";
import { namesInVain, withoutNames } from "../../src/task/board";
import { onTick } from "../../src/time/useNow";
import { onBoard, useStation } from "../state/store";

let touchedAtMs = performance.now();

function look(): void {
  if (performance.now() - touchedAtMs < LOCK_AFTER_MS || !namesInVain(useStation.getState().board)) return;
  onBoard(withoutNames);
}

export function startIdleWatch(): void {
  onTouch(() => {
    touchedAtMs = performance.now();
  });
  onTick(look);
}
