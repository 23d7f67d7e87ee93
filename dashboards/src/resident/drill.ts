/** Whose button is to be tried. Pure. */
import type { DrillWindow, Incident } from "../api/types";

/** The server's own figure: after so long a button is tried again. */
const DUE_AFTER_MS = 30 * 86_400_000;

/** Null: it was never tried. */
export const isDrillDue = (at: string | null, nowMs: number): boolean => at === null || nowMs - Date.parse(at) > DUE_AFTER_MS;

/** The server ends a window with its drill: a page that goes on saying that it is open would take what is real for a try. */
export const isEnded = (window: DrillWindow, closed: readonly Incident[]): boolean =>
  closed.some(({ drill, handset, opened_at }) => drill && handset === window.handset && Date.parse(opened_at) >= Date.parse(window.from));
