/** What is looked for in the audit log. Pure. */
import { dateOf, fieldTime } from "../time/format";

export const FIELDS = ["resident", "username", "action", "subject"] as const;
export const DAYS = ["from", "to"] as const;

type Name = (typeof FIELDS)[number] | (typeof DAYS)[number];
export type Search = Partial<Record<Name, string>>;

const DAY_MS = 86_400_000;

/** The moment at which a day begins where the district is; null if it is no day. */
function beginOf(day: string): number | null {
  const ms = Date.parse(fieldTime(`${day}T00:00`));
  // A browser without a field for dates lets anything be typed, and a calendar has no 31st of February.
  return Number.isNaN(ms) || dateOf(ms) !== day ? null : ms;
}

/** What was typed, as the server is asked: whole days, both of those named among them. Null where a day is none. */
export function searchOf(said: Readonly<Record<string, string>>): Search | null {
  const typed = Object.entries(said).map(([name, value]) => [name, value.trim()] as const).filter(([, value]) => value !== "");
  const search: Search = Object.fromEntries(typed);
  for (const day of DAYS) {
    const named = search[day];
    if (named === undefined) continue;
    const begin = beginOf(named);
    if (begin === null) return null;
    search[day] = new Date(day === "to" ? begin + DAY_MS : begin).toISOString();
  }
  return search;
}
