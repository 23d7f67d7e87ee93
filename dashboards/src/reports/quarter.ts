/** Quarters of a year as reports name them, and where the browser fetches what it keeps as a file. Pure. */
import { dateOf } from "../time/format";

export const FORMATS = ["csv", "xlsx", "json"] as const;
export type Format = (typeof FORMATS)[number];
export type ReportName = "response" | "quarter" | "notices" | "handsets";

/** The running quarter first, then those before it; the days are China's. */
export function quartersBack(nowMs: number, count: number): string[] {
  const [year = 0, month = 1] = dateOf(nowMs).split("-").map(Number);
  const running = year * 4 + Math.floor((month - 1) / 3);
  return Array.from({ length: count }, (_, n) => `${Math.floor((running - n) / 4)}Q${((running - n) % 4) + 1}`);
}

/** The report as a file. */
export const fileAddress = (report: ReportName, query: Record<string, string>, format: Format): string =>
  `/api/reports/${report}?${new URLSearchParams({ ...query, format })}`;
