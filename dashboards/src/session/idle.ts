/** What a desk does that nobody touches. Pure: how long it has been so is an argument. */

/** Long enough for a telephone call without a key, short enough that no stranger reads names in a coffee break. */
export const LOCK_AFTER_MS = 10 * 60_000;
/** Off duty nobody waits for this desk's alarm, so nothing is lost by leaving. */
export const LOG_OUT_AFTER_MS = 30 * 60_000;

export interface Idleness {
  onDuty: boolean;
  isLocked: boolean;
  /** It is covered, and the server has not heard of it yet. */
  owesLock?: boolean;
  idleMs: number;
}

/** A desk on duty is locked and goes on sounding; it is never logged out. */
export function idleAct({ onDuty, isLocked, owesLock = false, idleMs }: Idleness): "lock" | "log_out" | null {
  if (!onDuty && idleMs >= LOG_OUT_AFTER_MS) return "log_out";
  if (owesLock) return "lock";
  return onDuty && !isLocked && idleMs >= LOCK_AFTER_MS ? "lock" : null;
}

/** How long nobody had touched this window when it was loaded anew, by the last touch that it kept. A clock that was set back says nothing. */
export function idleBefore(keptAt: string | null, nowMs: number): number {
  const at = keptAt ? Number(keptAt) : NaN;
  return Number.isFinite(at) ? Math.max(0, nowMs - at) : 0;
}
