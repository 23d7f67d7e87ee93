/** Somebody to be on call, as it is typed, and what is wrong with it. Pure. */
import type { RosterEntry, RosterItem } from "../api/types";
import { DAY_MINUTES, DAYS, type Day, isDay, minutesOf } from "./week";

/** The ways by which a person is reached; a webhook is answered by a machine. */
export const WAYS = ["sms", "voice", "email"] as const;
export type Way = (typeof WAYS)[number];

export interface RosterDraft {
  name: string;
  days: readonly Day[];
  from: string;
  to: string;
  channel: Way;
  address: string;
}

export interface RosterFault {
  kind: "needed" | "long" | "days" | "time" | "telephone" | "email" | "masked";
  values?: Record<string, unknown>;
}

export type RosterFaults = Readonly<Partial<Record<"name" | "days" | "from" | "to" | "address", RosterFault>>>;

/** Characters of a field: the server's own figure. */
const SHORT = 100;

/** As people type a time: 20:00, 20：00, 2000, 800, 8. Others stay as they are, to be told wrong. */
export function clockTyped(typed: string): string {
  const [, hours, minutes = "00"] = /^(\d{1,2}):?(\d{2})?$/.exec(typed.normalize("NFKC").trim()) ?? [];
  return hours === undefined ? typed.trim() : `${hours.padStart(2, "0")}:${minutes}`;
}

export const isTimeOfDay = (typed: string): boolean => minutesOf(clockTyped(typed)) < DAY_MINUTES;

export const isWay = (channel: string): channel is Way => WAYS.some((each) => each === channel);

/** The number does not come back from the server, so it is typed anew. */
export const draftOf = (item: RosterItem | null): RosterDraft => ({
  name: item?.name ?? "",
  days: item ? item.days.filter(isDay) : DAYS,
  from: item?.from ?? "08:00",
  to: item?.to ?? "20:00",
  channel: item && isWay(item.channel) ? item.channel : "sms",
  address: "",
});

function wordsFault(typed: string): RosterFault | null {
  if (typed.trim() === "") return { kind: "needed" };
  return [...typed.trim()].length > SHORT ? { kind: "long", values: { n: SHORT } } : null;
}

function addressFault(channel: Way, typed: string): RosterFault | null {
  const found = wordsFault(typed);
  if (found) return found;
  if (typed.includes("*")) return { kind: "masked" };
  if (channel === "email") return /^\S+@\S+\.\S+$/.test(typed.trim()) ? null : { kind: "email" };
  // Spaces and strokes are how people write a number; fewer than five digits ring nobody's own telephone.
  const digits = typed.normalize("NFKC").replace(/[\s()+.-]/g, "");
  return /^\d{5,20}$/.test(digits) ? null : { kind: "telephone" };
}

export function rosterFaults(draft: RosterDraft): RosterFaults {
  const faults: { -readonly [Field in keyof RosterFaults]: RosterFaults[Field] } = {};
  const [name, address] = [wordsFault(draft.name), addressFault(draft.channel, draft.address)];
  if (name) faults.name = name;
  if (address) faults.address = address;
  if (draft.days.length === 0) faults.days = { kind: "days" };
  for (const field of ["from", "to"] as const) if (!isTimeOfDay(draft[field])) faults[field] = { kind: "time" };
  return faults;
}

export const toggled = (days: readonly Day[], day: Day): Day[] => DAYS.filter((each) => (each === day) !== days.includes(each));

/** As it is sent. A provider reads digits. */
export const entryOf = (draft: RosterDraft): RosterEntry => {
  const typed = draft.address.normalize("NFKC").trim();
  return { ...draft, name: draft.name.trim(), days: [...draft.days], from: clockTyped(draft.from), to: clockTyped(draft.to), address: draft.channel === "email" ? typed : typed.replace(/[\s().-]/g, "") };
};
