/** The schematic's moving parts as GeoJSON. Pure. */
import type { Feature, FeatureCollection } from "geojson";
import type { TrackDrawing } from "../incident/track";
import { circleRing, graticule, graticuleStep, type LonLat } from "../geo/metres";

/** Rings that an operator can read distances from: across the street, the next block, the market. */
const RINGS_M = [100, 300, 1000] as const;

export interface Spot {
  lat: number;
  lon: number;
}

const collect = (features: Feature[]): FeatureCollection => ({ type: "FeatureCollection", features });

const point = (at: Spot, properties: Record<string, unknown>): Feature => ({
  type: "Feature", properties, geometry: { type: "Point", coordinates: [at.lon, at.lat] },
});

const line = (coordinates: LonLat[], properties: Record<string, unknown> = {}): Feature => ({
  type: "Feature", properties, geometry: { type: "LineString", coordinates },
});

export function gridFeatures(bounds: [LonLat, LonLat]): FeatureCollection {
  const [[west], [, north]] = bounds;
  return collect(
    graticule(bounds, graticuleStep(bounds)).flatMap(({ line: [from, to], label }) => {
      const isMeridian = from[0] === to[0];
      // A label stands just inside the edge that its line leaves by.
      const at: Spot = isMeridian ? { lon: from[0], lat: north } : { lon: west, lat: from[1] };
      return [line([from, to]), point(at, { label, anchor: isMeridian ? "top" : "left" })];
    }),
  );
}

export function ringFeatures(home: Spot | null, metres: (n: number) => string): FeatureCollection {
  if (!home) return collect([]);
  return collect(
    RINGS_M.flatMap((radius_m) => {
      const ring = circleRing([home.lon, home.lat], radius_m);
      const [lon, lat] = ring[0] ?? [home.lon, home.lat];
      return [line(ring), point({ lon, lat }, { label: metres(radius_m), anchor: "left" })];
    }),
  );
}

export const homeFeatures = (home: Spot | null, label: string): FeatureCollection => collect(home ? [point(home, { label })] : []);

export const personFeatures = (person: Spot | null, isStale: boolean, label: string): FeatureCollection =>
  collect(person ? [point(person, { stale: isStale, label })] : []);

export function uncertaintyFeatures(person: (Spot & { accuracy_m: number }) | null, isStale: boolean): FeatureCollection {
  if (!person) return collect([]);
  const ring = circleRing([person.lon, person.lat], person.accuracy_m);
  return collect([{ type: "Feature", properties: { stale: isStale }, geometry: { type: "Polygon", coordinates: [ring] } }]);
}

export interface ResponderMark extends Spot {
  key: string;
  accuracy_m: number;
  isStale: boolean;
  label: string;
}

/** Each with the line to the person, along which the distance is measured. */
export function responderFeatures(responders: readonly ResponderMark[], person: Spot | null): FeatureCollection {
  return collect(responders.flatMap(({ lat, lon, label, isStale }) => [
    ...(person ? [line([[lon, lat], [person.lon, person.lat]])] : []),
    point({ lat, lon }, { label, stale: isStale }),
  ]));
}

export function trackFeatures(track: TrackDrawing | null): FeatureCollection {
  if (!track) return collect([]);
  return collect([
    ...track.pieces.map((piece) => line(piece.line, { age_h: piece.age_h })),
    ...track.moments.map(({ at: [lon, lat], label }) => point({ lon, lat }, { label })),
  ]);
}
