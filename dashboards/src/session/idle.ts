/** What a desk does that nobody touches. Pure: how long it has been so is an argument. */

/** Long enough for a telephone call without a key, short enough that no stranger reads names in a coffee break. */
export const LOCK_AFTER_MS = 10 * 60_000;
/** Off duty nobody waits for this desk's alarm, so nothing is lost by leaving. */
export const LOG_OUT_AFTER_MS = 30 * 60_000;

export interface Idleness {
  onDuty: boolean;
  isLocked: boolean;
  idleMs: number;
}

/** A desk on duty is locked and goes on sounding; it is never logged out. */
export function idleAct({ onDuty, isLocked, idleMs }: Idleness): "lock" | "log_out" | null {
  if (onDuty) return !isLocked && idleMs >= LOCK_AFTER_MS ? "lock" : null;
  return idleMs >= LOG_OUT_AFTER_MS ? "log_out" : null;
}
