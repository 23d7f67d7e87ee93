/** Whose residents an account is for. Pure. */
import type { Session } from "../api/types";
import { divisionCode, divisionLevel, liesIn } from "./division";

/** Roles that look residents up; tasks and grants say whom the others see. */
export const isScoped = (role: Session["role"] | ""): boolean => role === "operator" || role === "supervisor" || role === "admin";

/** Whoever is for a part of the district keeps no account that is for more than that part. */
export const isBeyond = (own: string | null, scope: string | null): boolean => own !== null && (scope === null || !liesIn(own, scope));

export type ScopeFault = "division" | "elsewhere";

/** What is wrong with a scope, given by somebody who has one themselves or none. Nothing typed means everybody. */
export function scopeFault(own: string | null, typed: string): ScopeFault | null {
  const code = divisionCode(typed);
  if (code !== "" && divisionLevel(code) === null) return "division";
  return own !== null && !liesIn(own, code) ? "elsewhere" : null;
}

/** As it is sent. */
export const scopeOf = (typed: string): string | null => divisionCode(typed) || null;
