/** What this window knows of itself over a reload: when it was touched last, that it is covered, that its sound was on. */
export type Kept = "touched" | "covered" | "on_duty";

const WINDOWS_ON_DUTY = "jujiale.station.on_duty_at";

export function kept(what: Kept): string | null {
  try {
    return sessionStorage.getItem(`jujiale.station.${what}`);
  } catch {
    return null;
  }
}

export function keep(what: Kept, value: string | null): void {
  try {
    if (value === null) sessionStorage.removeItem(`jujiale.station.${what}`);
    else sessionStorage.setItem(`jujiale.station.${what}`, value);
  } catch {
    // Without storage a page that is loaded anew counts as touched.
  }
}

/** All windows of one browser share a session: one that lies idle must not log out the one that rings. */
export function tellOnDuty(nowMs: number): void {
  try {
    localStorage.setItem(WINDOWS_ON_DUTY, `${nowMs}`);
  } catch {
    // Then each window stands for itself.
  }
}

/** When one of them was last on duty, by the wall clock; 0 if none is known. */
export function onDutyAtMs(): number {
  try {
    return Number(localStorage.getItem(WINDOWS_ON_DUTY)) || 0;
  } catch {
    return 0;
  }
}
