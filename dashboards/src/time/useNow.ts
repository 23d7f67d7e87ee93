/** Lets every age on the screen tick together: one timer for the page, one render a second. */
import { useSyncExternalStore } from "react";
import { createServerClock } from "./serverClock";

export const serverClock = createServerClock(() => performance.now(), () => Date.now());

const TICK_MS = 1_000;
const listeners = new Set<() => void>();
let shownMs = serverClock.nowMs();
let timer: ReturnType<typeof setInterval> | undefined;

/** Also called when a frame arrives, because a hidden tab's timers may be held back for a minute. */
export function tick(): void {
  shownMs = serverClock.nowMs();
  for (const listener of listeners) listener();
}

export function onTick(listener: () => void): () => void {
  listeners.add(listener);
  timer ??= setInterval(tick, TICK_MS);
  return () => {
    listeners.delete(listener);
    if (listeners.size > 0) return;
    clearInterval(timer);
    timer = undefined;
  };
}

/** The server's time in milliseconds, renewed every second. */
export const useNow = (): number => useSyncExternalStore(onTick, () => shownMs);
