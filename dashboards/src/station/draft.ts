/** A station as it is typed, and what is wrong with it. Pure. */
import type { Skill, Station, StationRecord } from "../api/types";
import { clockTyped, isTimeOfDay } from "../roster/draft";
import { type Day, isDay } from "../roster/week";
import { SKILLS } from "./hours";

/** Hours of some days as they are typed. */
export interface HoursDraft {
  days: readonly Day[];
  from: string;
  to: string;
}

export interface StationDraft {
  id: string;
  name: string;
  lat: string;
  lon: string;
  telephone: string;
  on_duty: boolean;
  hours: readonly HoursDraft[];
  skills: readonly Skill[];
}

export interface StationFault {
  kind: "needed" | "long" | "place" | "id" | "taken" | "days" | "time";
  values?: Record<string, unknown>;
}

export type StationFaults = Readonly<Partial<Record<"id" | "name" | "telephone" | "place" | "hours", StationFault>>>;

/** Characters of a field: the server's own figure. */
const SHORT = 100;

export const draftOf = (station: Station | null): StationDraft => ({
  id: station?.id ?? "",
  name: station?.name ?? "",
  lat: station ? String(station.place.lat) : "",
  lon: station ? String(station.place.lon) : "",
  telephone: station?.telephone ?? "",
  on_duty: station?.on_duty ?? true,
  hours: (station?.hours ?? []).map(({ days, from, to }) => ({ days: days.filter(isDay), from, to })),
  skills: station?.skills ?? [],
});

/** Both at once, as a map's page gives them to be copied: 33.9631, 118.2769. */
export function placeTyped(typed: string): { lat: string; lon?: string } {
  const [lat, lon, more] = typed.normalize("NFKC").split(/[,，\s]+/).filter(Boolean);
  return lat !== undefined && lon !== undefined && more === undefined ? { lat, lon } : { lat: typed };
}

const numberOf = (typed: string): number => (typed.trim() === "" ? Number.NaN : Number(typed.normalize("NFKC").trim()));

/** A place in China, so that north and east cannot change places unseen. */
const isPlace = (lat: number, lon: number): boolean => lat >= 3 && lat <= 54 && lon >= 73 && lon <= 136;

function wordsFault(typed: string): StationFault | null {
  if (typed.trim() === "") return { kind: "needed" };
  return [...typed.trim()].length > SHORT ? { kind: "long", values: { n: SHORT } } : null;
}

/** The first of the spans with which something is wrong, counted from 1. */
function hoursFault(hours: readonly HoursDraft[]): StationFault | null {
  for (const [place, { days, from, to }] of hours.entries()) {
    const values = { n: place + 1 };
    if (days.length === 0) return { kind: "days", values };
    if (!isTimeOfDay(from) || !isTimeOfDay(to)) return { kind: "time", values };
  }
  return null;
}

/** `taken` are the ids of other stations: entering one of theirs would put it in their place. */
export function stationFaults(draft: StationDraft, taken: readonly string[]): StationFaults {
  const id = draft.id.trim();
  const [name, telephone, hours] = [wordsFault(draft.name), wordsFault(draft.telephone), hoursFault(draft.hours)];
  const faults: { -readonly [Field in keyof StationFaults]: StationFaults[Field] } = {};
  if (id !== "" && !/^[A-Za-z0-9._:-]{1,64}$/.test(id)) faults.id = { kind: "id" };
  else if (taken.includes(id)) faults.id = { kind: "taken" };
  if (name) faults.name = name;
  if (telephone) faults.telephone = telephone;
  if (hours) faults.hours = hours;
  if (!isPlace(numberOf(draft.lat), numberOf(draft.lon))) faults.place = { kind: "place" };
  return faults;
}

/** As it is sent. */
export const recordOf = (draft: StationDraft): StationRecord => ({
  name: draft.name.trim(),
  place: { lat: numberOf(draft.lat), lon: numberOf(draft.lon) },
  telephone: draft.telephone.trim(),
  on_duty: draft.on_duty,
  hours: draft.hours.map(({ days, from, to }) => ({ days: [...days], from: clockTyped(from), to: clockTyped(to) })),
  skills: SKILLS.filter((skill) => draft.skills.includes(skill)),
});
