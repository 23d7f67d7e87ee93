/** Keeps the screen awake as long as the page is looked at. Absent on plain HTTP and in many telephones: then it merely falls asleep. */
let held: WakeLockSentinel | null = null;

export async function keepAwake(): Promise<void> {
  if (!("wakeLock" in navigator) || document.visibilityState !== "visible" || (held && !held.released)) return;
  try {
    held = await navigator.wakeLock.request("screen");
  } catch {
    held = null;
  }
}

export async function letSleep(): Promise<void> {
  const releasing = held;
  held = null;
  await releasing?.release();
}

/** A lock is lost whenever the page is hidden; it is asked for again as long as `isWanted`. */
export function renewWhenSeen(isWanted: () => boolean): void {
  document.addEventListener("visibilitychange", () => {
    if (isWanted()) void keepAwake();
  });
}
