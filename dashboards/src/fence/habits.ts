/** What was learned of somebody's ways, as squares on the map and as sentences, and what is forgotten near a place. Pure. */
import type { Feature, FeatureCollection } from "geojson";
import type { HabitPlace, Habits } from "../api/types";
import { distanceMetres, type LonLat } from "../geo/metres";
import { distanceWords } from "../geo/words";
import type { Translate } from "../time/format";
import type { Drawing } from "./shapes";

/** The side of a square of ground. */
const SQUARE_M = 75;
const METRES_PER_DEGREE = 111_320;

const east_m = (lat: number): number => METRES_PER_DEGREE * Math.cos((lat * Math.PI) / 180);

function squareRing({ lat, lon }: HabitPlace["middle"]): LonLat[] {
  const [x, y] = [SQUARE_M / 2 / east_m(lat), SQUARE_M / 2 / METRES_PER_DEGREE];
  return [[lon - x, lat - y], [lon + x, lat - y], [lon + x, lat + y], [lon - x, lat + y], [lon - x, lat - y]];
}

/** The squares, each with its share of the days of the most walked one. */
export function habitFeatures(habits: Habits | null): FeatureCollection {
  const places = habits?.places ?? [];
  const most = Math.max(1, ...places.map(({ days }) => days));
  const square = ({ middle, days }: HabitPlace): Feature => ({ type: "Feature", properties: { share: days / most }, geometry: { type: "Polygon", coordinates: [squareRing(middle)] } });
  return { type: "FeatureCollection", features: places.map(square) };
}

/** From the edge of a square; 0 within, as the server measures it. */
function fromEdge_m({ middle }: HabitPlace, [lon, lat]: LonLat): number {
  const beyond = (metres: number) => Math.max(0, Math.abs(metres) - SQUARE_M / 2);
  return Math.hypot(beyond((lon - middle.lon) * east_m(middle.lat)), beyond((lat - middle.lat) * METRES_PER_DEGREE));
}

export const placesNear = (places: readonly HabitPlace[], at: LonLat, within_m: number): HabitPlace[] => places.filter((place) => fromEdge_m(place, at) <= within_m);

/** Those walked on most days first. */
export const mostWalked = (places: readonly HabitPlace[], count: number): HabitPlace[] => [...places].sort((one, other) => other.days - one.days).slice(0, count);

/** 离家 350 米：31 天. */
export function placeWords({ middle, days }: HabitPlace, home: { lat: number; lon: number } | null, t: Translate): string {
  if (!home) return t("habits.place", { lat: middle.lat.toFixed(4), lon: middle.lon.toFixed(4), n: days });
  return t("habits.place_from_home", { distance: distanceWords(distanceMetres([home.lon, home.lat], [middle.lon, middle.lat]), t), n: days });
}

/** What was learned, as sentences. */
export function habitWords({ days, days_least, ready, places, up_by }: Habits, t: Translate): string[] {
  if (days === 0) return [t("habits.nothing")];
  const learned = t(ready ? "habits.ready" : "habits.not_ready", { n: days, least: days_least });
  const walked = t(places.length === 0 ? "habits.no_places" : "habits.places", { n: places.length });
  return [learned, walked, t(up_by == null ? "habits.no_mornings" : "habits.up_by", { time: up_by ?? "" })];
}

/** How far round a place is forgotten; 0 is the square it lies in. */
export const WITHINS_M = ["0", "100", "300", "1000"] as const;
export type Within = (typeof WITHINS_M)[number];

export interface Forgetting {
  lat: string;
  lon: string;
  within: Within;
}

export const emptyForgetting: Forgetting = { lat: "", lon: "", within: "0" };

/** Null while what is typed is no place. */
export function placeOf({ lat, lon }: Forgetting): LonLat | null {
  const [north, east] = [Number(lat), Number(lon)];
  const isOne = lat.trim() !== "" && lon.trim() !== "" && Math.abs(north) <= 90 && Math.abs(east) <= 180;
  return isOne ? [east, north] : null;
}

export function forgettingDrawn(forgetting: Forgetting): Drawing {
  const at = placeOf(forgetting);
  const radius_m = Number(forgetting.within);
  return { shape: at && radius_m > 0 ? { type: "Circle", center: at, radius_m } : null, corners: at ? [at] : [] };
}
