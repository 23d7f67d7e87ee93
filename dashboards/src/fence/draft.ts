/** A fence as it is typed and drawn, and what is sent of it. Pure. */
import type { LonLat } from "../geo/metres";
import { closed, cornersOf, isRing, ringsOf, textOfLine, textOfRings, withCorner, withoutLast } from "./corners";
import { type Drawing, parseShape, type Shape, type Unread } from "./shapes";

export const DAYS = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"] as const;
export type Day = (typeof DAYS)[number];
export const HOWS = ["circle", "polygon", "corridor", "text"] as const;
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
  /** A point of the way a line. */
  route: string;
  width: string;
  text: string;
  /** The ways of drawing in which somebody typed or pasted where it is; of these nobody but them knows the datum. */
  typed: How[];
  /** Of what was typed; empty until somebody chose. */
  datum: Datum;
  /** Coordinates that were clicked here, or that the server has: in WGS-84, and so is all that stands among them. */
  drawn: string[];
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
const WIDTH_M = "60";

export function emptyDraft(home: { lat: number; lon: number } | null): FenceDraft {
  const lat = home ? String(home.lat) : "";
  const lon = home ? String(home.lon) : "";
  const draft: FenceDraft = { name: "", kind: "safe", how: "circle", lat, lon, radius: RADIUS_M, corners: "", route: "", width: WIDTH_M, text: "", typed: [], datum: "", drawn: [], hours: [], home_by: "", dwell: "", armed: true };
  return { ...draft, drawn: coordinatesIn(draft) };
}

export function draftOf(known: Known): FenceDraft {
  const draft = readOf(known);
  return { ...draft, drawn: coordinatesIn(draft) };
}

function readOf(known: Known): FenceDraft {
  const shape = known.shape as Shape;
  const draft = { ...emptyDraft(null), name: known.name, kind: known.kind === "forbidden" ? "forbidden" as const : "safe" as const };
  const hours = (known.schedule ?? []).map((entry, key) => hoursOf(entry as Partial<Hours>, key));
  const rest = { hours, home_by: (known.home_by ?? []).join(", "), dwell: known.dwell_s == null ? "" : String(known.dwell_s), armed: known.armed ?? true };
  switch (shape.type) {
    case "Circle": {
      const [lon, lat] = shape.center;
      return { ...draft, ...rest, how: "circle", lat: String(lat), lon: String(lon), radius: String(shape.radius_m) };
    }
    case "Polygon": return { ...draft, ...rest, how: "polygon", corners: textOfRings(shape.coordinates) };
    case "Corridor": return { ...draft, ...rest, how: "corridor", route: textOfLine(shape.line), width: String(shape.width_m) };
    case "MultiPolygon": break;
  }
  return { ...draft, ...rest, how: "text", text: JSON.stringify(shape) };
}

const hoursOf = ({ days = [], date = "", from = "", to = "", armed = true }: Partial<Hours>, key: number): Hours => ({ key, date, days, from, to, armed });

export function emptyHours(hours: readonly Hours[], isDate: boolean, today: string): Hours {
  const key = Math.max(-1, ...hours.map((each) => each.key)) + 1;
  return { key, date: isDate ? today : "", days: isDate ? [] : [...DAYS], from: "20:00", to: "06:00", armed: !isDate };
}

/** When a fence is armed by its hours: always, always but for what is taken out, or in the weekly hours alone. The engine reckons alike. */
export function armedIn(hours: readonly Hours[]): "always" | "always_but" | "weekly" {
  if (hours.some(({ date, armed }) => date === "" && armed)) return "weekly";
  return hours.some(({ armed }) => !armed) ? "always_but" : "always";
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
      const rings = ringsOf(draft.corners);
      return rings.every(isRing) ? { type: "Polygon", coordinates: rings.map(closed) } : null;
    }
    case "corridor": {
      const [line, width_m] = [cornersOf(draft.route), Number(draft.width)];
      return line.length >= 2 && Number.isFinite(width_m) && width_m > 0 ? { type: "Corridor", line, width_m } : null;
    }
    case "text": {
      const shape = parseShape(draft.text);
      return typeof shape === "string" ? null : shape;
    }
  }
}

/** On the map: its shape as far as it has one, also while a hole is being drawn, and its corners. */
export function draftDrawn(draft: FenceDraft): Drawing {
  if (draft.how === "corridor") {
    const line = cornersOf(draft.route);
    return { shape: shapeOf(draft), corners: line, ways: [line] };
  }
  if (draft.how !== "polygon") return { shape: shapeOf(draft), corners: [] };
  const rings = ringsOf(draft.corners);
  const [outside] = rings;
  const shape = isRing(outside) ? { type: "Polygon" as const, coordinates: rings.filter(isRing).map(closed) } : null;
  return { shape, corners: rings.flat(), ways: rings.map(closed) };
}

/** What is typed or pasted is known to nobody but whoever typed it; what was emptied says nothing. */
export function typedIn(draft: FenceDraft, part: Partial<FenceDraft>): Partial<FenceDraft> {
  const { how, lat, lon, corners, route, text } = { ...draft, ...part };
  const words = { circle: lat + lon, polygon: corners, corridor: route, text }[how];
  const others = draft.typed.filter((each) => each !== how);
  return { ...part, typed: words.trim() === "" ? others : [...others, how] };
}

/** Each of its coordinates, as text that can be compared; of a middle each number, for either may be typed alone. */
function coordinatesIn({ how, lat, lon, corners, route, text }: FenceDraft): string[] {
  switch (how) {
    case "circle": return [["lat", lat], ["lon", lon]].flatMap(([name, said = ""]) => (said.trim() === "" ? [] : [`${name} ${Number(said)}`]));
    case "polygon": return ringsOf(corners).flat().map(String);
    case "corridor": return cornersOf(route).map(String);
    case "text": {
      const shape = parseShape(text);
      return typeof shape === "string" ? [] : writtenIn(shape).map(String);
    }
  }
}

function writtenIn(shape: Shape): readonly unknown[] {
  switch (shape.type) {
    case "Circle": return [shape.center];
    case "Polygon": return shape.coordinates.flat();
    case "MultiPolygon": return shape.coordinates.flat(2);
    case "Corridor": return shape.line;
  }
}

/** Whether the datum is no question: another would move what was clicked, or is stored, beside where it lies. */
export function isFixed(draft: FenceDraft): boolean {
  return coordinatesIn(draft).some((each) => draft.drawn.includes(each));
}

/** A click on the page's own map: a middle, or one corner more. */
export function clicked(draft: FenceDraft, at: LonLat): Partial<FenceDraft> {
  const part = clickedInto(draft, at);
  return { ...part, drawn: [...new Set([...draft.drawn, ...coordinatesIn({ ...draft, ...part })])] };
}

function clickedInto(draft: FenceDraft, at: LonLat): Partial<FenceDraft> {
  switch (draft.how) {
    case "circle": return { lon: at[0].toFixed(6), lat: at[1].toFixed(6), typed: draft.typed.filter((how) => how !== "circle") };
    case "polygon": return { corners: withCorner(draft.corners, at) };
    case "corridor": return { route: withCorner(draft.route, at) };
    case "text": return {};
  }
}

/** The map is in WGS-84: among corners that are not, or of which nobody has said it, a click would lie beside where it was made. */
export function isClickable(draft: FenceDraft): boolean {
  return draft.how === "circle" || (draft.how !== "text" && datumOf(draft) === "wgs84");
}

/** Without the last corner, or the hole that was begun. */
export function undone(draft: FenceDraft): Partial<FenceDraft> {
  const part = draft.how === "corridor" ? { route: withoutLast(draft.route) } : { corners: withoutLast(draft.corners) };
  return draft.typed.includes(draft.how) ? typedIn(draft, part) : part;
}

/** What was clicked here, and what the server has, is in WGS-84, with whatever is typed among it; of what was typed alone somebody says it. */
export const datumOf = (draft: FenceDraft): Datum => (draft.typed.includes(draft.how) && !isFixed(draft) ? draft.datum : "wgs84");

export type Fault = "name" | Exclude<How, "text"> | `text_${Unread}` | "datum" | "hours";

function shapeFault(draft: FenceDraft): Fault | null {
  if (shapeOf(draft) !== null) return datumOf(draft) === "" ? "datum" : null;
  if (draft.how !== "text") return draft.how;
  const found = parseShape(draft.text);
  return typeof found === "string" ? `text_${found}` : null;
}

/** What can be seen without asking the server; whether a shape crosses itself it says better. */
export function faultsOf(draft: FenceDraft): Fault[] {
  const [faults, ofShape]: [Fault[], Fault | null] = [draft.name.trim() === "" ? ["name"] : [], shapeFault(draft)];
  if (ofShape !== null) faults.push(ofShape);
  const isEmpty = ({ date, days, from, to }: Hours) => (date === "" && days.length === 0) || from === "" || to === "";
  return draft.hours.some(isEmpty) ? [...faults, "hours"] : faults;
}

export function recordOf(draft: FenceDraft) {
  const datum = datumOf(draft);
  const schedule = draft.hours.map(({ date, days, from, to, armed }) => ({ ...(date === "" ? { days } : { date }), from, to, ...(armed ? {} : { armed }) }));
  return {
    name: draft.name.trim(),
    kind: draft.kind,
    shape: (shapeOf(draft) ?? {}) as Record<string, never>,
    ...(datum === "" ? {} : { datum }),
    schedule: schedule as unknown as Record<string, never>[],
    home_by: draft.home_by.normalize("NFKC").split(/[,，、\s]+/).filter(Boolean),
    dwell_s: draft.dwell.trim() === "" ? null : Number(draft.dwell),
    armed: draft.armed,
  };
}
