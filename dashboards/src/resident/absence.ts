/** A planned absence as it is typed, and what it means now. Pure. */
import type { Absence, NewAbsence } from "../api/types";
import { fieldTime } from "../time/format";

export const REASONS = ["hospital", "holiday", "family", "other"] as const;
export type Reason = (typeof REASONS)[number];

/** The server's own figure; it has the last word. */
const LONGEST_MS = 92 * 86_400_000;

export interface AbsenceDraft {
  reason: Reason;
  /** As the browser's field has them; without a beginning it begins now. */
  from: string;
  to: string;
}

export const emptyAbsence: AbsenceDraft = { reason: "hospital", from: "", to: "" };

export type Fault = "to_needed" | "over" | "backwards" | "long";

export function faultOf({ from, to }: AbsenceDraft, nowMs: number): Fault | null {
  if (to === "") return "to_needed";
  const [beginMs, endMs] = [from === "" ? nowMs : Date.parse(fieldTime(from)), Date.parse(fieldTime(to))];
  if (endMs <= nowMs) return "over";
  if (endMs <= beginMs) return "backwards";
  return endMs - beginMs > LONGEST_MS ? "long" : null;
}

export const absenceOf = ({ reason, from, to }: AbsenceDraft): NewAbsence =>
  ({ reason, to: fieldTime(to), ...(from === "" ? {} : { from: fieldTime(from) }) });

/** Away at this moment, not only as planned. */
export const isAway = ({ from, to }: Absence, nowMs: number): boolean => Date.parse(from) <= nowMs && nowMs < Date.parse(to);
