/** A fence as it is typed and drawn, and what is sent of it. Pure. */
import type { LonLat } from "../geo/metres";
import { parseShape, type Shape } from "./shapes";

export const DAYS = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"] as const;
export type Day = (typeof DAYS)[number];
export const HOWS = ["circle", "polygon", "text"] as const;
export type How = (typeof HOWS)[number];
export const DATUMS = ["", "wgs84", "gcj02", "bd09"] as const;
export type Datum = (typeof DATUMS)[number];

/** Hours of some weekdays, or of one date, which overrules them. */
export interface Hours {
  key: number;
  date: string;
  days: Day[];
  from: string;
  to: string;
  armed: boolean;
}

export interface FenceDraft {
  name: string;
  kind: "safe" | "forbidden";
  how: How;
  lat: string;
  lon: string;
  radius: string;
  /** A corner a line: latitude, longitude, as people read them off a map. */
  corners: string;
  text: string;
  datum: Datum;
  hours: Hours[];
  home_by: string;
  dwell: string;
  armed: boolean;
}

/** A fence or a zone as the server has it. */
export interface Known {
  name: string;
  kind?: string;
  shape: unknown;
  schedule?: unknown[];
  home_by?: string[];
  dwell_s?: number | null;
  armed?: boolean;
}

const RADIUS_M = "200";

export function emptyDraft(home: { lat: number; lon: number } | null): FenceDraft {
  const lat = home ? String(home.lat) : "";
  const lon = home ? String(home.lon) : "";
  return { name: "", kind: "safe", how: "circle", lat, lon, radius: RADIUS_M, corners: "", text: "", datum: "", hours: [], home_by: "", dwell: "", armed: true };
}

export function draftOf(known: Known): FenceDraft {
  const shape = known.shape as Shape;
  const draft = { ...emptyDraft(null), name: known.name, kind: known.kind === "forbidden" ? "forbidden" as const : "safe" as const };
  const hours = (known.schedule ?? []).map((entry, key) => hoursOf(entry as Partial<Hours>, key));
  const rest = { hours, home_by: (known.home_by ?? []).join(", "), dwell: known.dwell_s == null ? "" : String(known.dwell_s), armed: known.armed ?? true };
  if (shape.type === "Circle") {
    const [lon, lat] = shape.center;
    return { ...draft, ...rest, how: "circle", lat: String(lat), lon: String(lon), radius: String(shape.radius_m) };
  }
  if (shape.type === "Polygon" && shape.coordinates.length === 1) {
    const ring = shape.coordinates[0] ?? [];
    return { ...draft, ...rest, how: "polygon", corners: ring.slice(0, -1).map(cornerText).join("\n") };
  }
  return { ...draft, ...rest, how: "text", text: JSON.stringify(shape) };
}

const hoursOf = ({ days = [], date = "", from = "", to = "", armed = true }: Partial<Hours>, key: number): Hours => ({ key, date, days, from, to, armed });

export const cornerText = ([lon, lat]: LonLat): string => `${Number(lat.toFixed(6))}, ${Number(lon.toFixed(6))}`;

export function emptyHours(hours: readonly Hours[], isDate: boolean, today: string): Hours {
  const key = Math.max(-1, ...hours.map((each) => each.key)) + 1;
  return { key, date: isDate ? today : "", days: isDate ? [] : [...DAYS], from: "20:00", to: "06:00", armed: !isDate };
}

/** When a fence is armed by its hours: always, always but for what is taken out, or in the weekly hours alone. The engine reckons alike. */
export function armedIn(hours: readonly Hours[]): "always" | "always_but" | "weekly" {
  if (hours.some(({ date, armed }) => date === "" && armed)) return "weekly";
  return hours.some(({ armed }) => !armed) ? "always_but" : "always";
}

/** The corners that are typed so far; a line that is none is passed over while it is being typed. */
export function cornersOf(text: string): LonLat[] {
  return text.split("\n").flatMap((line) => {
    const [lat, lon, more] = line.normalize("NFKC").split(/[,，\s]+/).filter(Boolean).map(Number);
    const isOne = lat !== undefined && lon !== undefined && more === undefined && Number.isFinite(lat) && Number.isFinite(lon);
    return isOne ? [[lon, lat] as LonLat] : [];
  });
}

/** What is drawn so far; null while there is nothing that has a shape. */
export function shapeOf(draft: FenceDraft): Shape | null {
  switch (draft.how) {
    case "circle": {
      const [lat, lon, radius_m] = [Number(draft.lat), Number(draft.lon), Number(draft.radius)];
      const isOne = draft.lat.trim() !== "" && draft.lon.trim() !== "" && [lat, lon, radius_m].every(Number.isFinite) && radius_m > 0;
      return isOne ? { type: "Circle", center: [lon, lat], radius_m } : null;
    }
    case "polygon": {
      const ring = cornersOf(draft.corners);
      const [first] = ring;
      return first && ring.length >= 3 ? { type: "Polygon", coordinates: [[...ring, first]] } : null;
    }
    case "text": {
      const shape = parseShape(draft.text);
      return typeof shape === "string" ? null : shape;
    }
  }
}

/** On the map: its shape as far as it has one, and its corners. */
export const draftDrawn = (draft: FenceDraft): { shape: Shape | null; corners: LonLat[] } => ({ shape: shapeOf(draft), corners: draft.how === "polygon" ? cornersOf(draft.corners) : [] });

export type Fault = "name" | "circle" | "polygon" | "text_unreadable" | "text_none" | "text_many" | "hours";

/** What can be seen without asking the server; whether a shape crosses itself it says better. */
export function faultsOf(draft: FenceDraft): Fault[] {
  const faults: Fault[] = draft.name.trim() === "" ? ["name"] : [];
  if (shapeOf(draft) === null) {
    const found = draft.how === "text" ? parseShape(draft.text) : draft.how;
    faults.push(found === "circle" || found === "polygon" ? found : `text_${found as "unreadable" | "none" | "many"}`);
  }
  const isEmpty = ({ date, days, from, to }: Hours) => (date === "" && days.length === 0) || from === "" || to === "";
  return draft.hours.some(isEmpty) ? [...faults, "hours"] : faults;
}

export function recordOf(draft: FenceDraft) {
  const schedule = draft.hours.map(({ date, days, from, to, armed }) => ({ ...(date === "" ? { days } : { date }), from, to, ...(armed ? {} : { armed }) }));
  return {
    name: draft.name.trim(),
    kind: draft.kind,
    shape: (shapeOf(draft) ?? {}) as Record<string, never>,
    ...(draft.datum === "" ? {} : { datum: draft.datum }),
    schedule: schedule as unknown as Record<string, never>[],
    home_by: draft.home_by.normalize("NFKC").split(/[,，、\s]+/).filter(Boolean),
    dwell_s: draft.dwell.trim() === "" ? null : Number(draft.dwell),
    armed: draft.armed,
  };
}
