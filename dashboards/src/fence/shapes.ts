/** Fences and zones as shapes on the ground: read from what was pasted, drawn as rings, written as GeoJSON. Pure. */
import type { Feature, FeatureCollection } from "geojson";
import { circleRing, type LonLat } from "../geo/metres";

export type Shape =
  | { type: "Circle"; center: LonLat; radius_m: number }
  | { type: "Polygon"; coordinates: LonLat[][] }
  | { type: "MultiPolygon"; coordinates: LonLat[][][] }
  | { type: "Corridor"; line: LonLat[]; width_m: number };

const METRES_PER_DEGREE = 111_320;

/** What the map fills, ring by ring; the first ring of each is its outside. A corridor is its stretches and its bends. */
export function polygonsOf(shape: Shape): LonLat[][][] {
  switch (shape.type) {
    case "Circle": return [[circleRing(shape.center, shape.radius_m)]];
    case "Polygon": return [shape.coordinates];
    case "MultiPolygon": return shape.coordinates;
    case "Corridor": {
      const bends = shape.line.map((at) => [circleRing(at, shape.width_m / 2, 24)]);
      const stretches = shape.line.slice(1).map((to, n) => [stretch(shape.line[n] ?? to, to, shape.width_m / 2)]);
      return [...stretches, ...bends];
    }
  }
}

/** The rectangle round a straight piece of a corridor. */
function stretch([lonA, latA]: LonLat, [lonB, latB]: LonLat, half_m: number): LonLat[] {
  const east_m = METRES_PER_DEGREE * Math.cos((latA * Math.PI) / 180);
  const [dx, dy] = [(lonB - lonA) * east_m, (latB - latA) * METRES_PER_DEGREE];
  const length = Math.hypot(dx, dy) || 1;
  const [x, y] = [(-dy / length) * (half_m / east_m), (dx / length) * (half_m / METRES_PER_DEGREE)];
  return [[lonA + x, latA + y], [lonB + x, latB + y], [lonB - x, latB - y], [lonA - x, latA - y], [lonA + x, latA + y]];
}

/** Every position it is drawn with, to bring it into view. */
export const positionsOf = (shape: Shape): LonLat[] => polygonsOf(shape).flat(2);

const KINDS: ReadonlySet<unknown> = new Set(["Circle", "Polygon", "MultiPolygon", "Corridor"]);

/** Why there is no one shape in a text. */
export type Unread = "unreadable" | "none" | "many" | "datum";

/** The shape in some pasted GeoJSON: itself, a Feature, or a collection of one. Whether it can be used the server says. */
export function parseShape(text: string): Shape | Unread {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return "unreadable";
  }
  if (namesOther(value)) return "datum";
  const found = shapesIn(value);
  const [first] = found;
  if (first === undefined) return "none";
  return found.length > 1 ? "many" : first;
}

const DATUM_KEYS = ["crs", "datum", "coordinate_system"];
const WGS84_NAMES = ["WGS84", "WGS-84", "CRS84", "EPSG:4326", "EPSG::4326"];

/** Whether an object says of itself that it is not in WGS-84. The server refuses it for that; a shape that is taken out of it would no longer say so. */
export function saysOther(value: unknown): boolean {
  if (typeof value !== "object" || value === null) return false;
  const named = DATUM_KEYS.map((key) => (value as Record<string, unknown>)[key]).find((each) => each != null);
  const words = named === undefined ? "" : JSON.stringify(named).toUpperCase();
  return named !== undefined && !WGS84_NAMES.some((name) => words.includes(name));
}

/** The same of any part of some GeoJSON in which a shape may lie. */
export function namesOther(value: unknown): boolean {
  if (typeof value !== "object" || value === null) return false;
  const { features, geometry } = value as Record<string, unknown>;
  return saysOther(value) || saysOther(geometry) || (Array.isArray(features) && features.some(namesOther));
}

/** Every shape in some GeoJSON, in its order. */
export function shapesIn(value: unknown): Shape[] {
  if (typeof value !== "object" || value === null) return [];
  const { type, features, geometry, properties } = value as Record<string, unknown>;
  if (type === "FeatureCollection" && Array.isArray(features)) return features.flatMap(shapesIn);
  // What was exported here of old says in its properties what GeoJSON has no word for.
  const ours = type === "Feature" ? (properties as Record<string, unknown> | null | undefined)?.["shape"] : undefined;
  if (ours !== undefined) return shapesIn(ours);
  if (type === "Feature") return shapesIn(widened(geometry, properties));
  return KINDS.has(type) ? [value as Shape] : [];
}

/** A point or a line of a Feature that says how wide it is, as what it stands for. */
function widened(geometry: unknown, properties: unknown): unknown {
  const { type, coordinates } = (geometry ?? {}) as Record<string, unknown>;
  const { radius_m, width_m } = (properties ?? {}) as Record<string, unknown>;
  if (type === "Point" && typeof radius_m === "number") return { type: "Circle", center: coordinates, radius_m };
  if (type === "LineString" && typeof width_m === "number") return { type: "Corridor", line: coordinates, width_m };
  return geometry;
}

export interface Drawn {
  id: string;
  name: string;
  kind: "safe" | "forbidden";
  armed: boolean;
  shape: Shape;
}

/** What is being drawn: its shape as far as it has one, its corners, and the ways from corner to corner, also where they enclose nothing yet. */
export interface Drawing {
  shape: Shape | null;
  corners: readonly LonLat[];
  ways?: readonly LonLat[][];
}

/** What the map shows of them. */
export function fenceFeatures(drawn: readonly Drawn[], opened: string | null): FeatureCollection {
  const features = drawn.flatMap(({ id, name, kind, armed, shape }): Feature[] => {
    const properties = { kind, armed, opened: id === opened };
    const [at] = positionsOf(shape);
    const fills = polygonsOf(shape).map((coordinates): Feature => ({ type: "Feature", properties, geometry: { type: "Polygon", coordinates } }));
    return at ? [...fills, { type: "Feature", properties: { ...properties, label: name }, geometry: { type: "Point", coordinates: at } }] : fills;
  });
  return { type: "FeatureCollection", features };
}
