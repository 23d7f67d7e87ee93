/** Shapes on the ground in real metres, WGS-84. A flat earth is exact enough for the few kilometres of a district. */
export type LonLat = [number, number];

const METRES_PER_DEGREE = 111_320;

const metresPerDegreeOfLongitude = (lat: number): number => METRES_PER_DEGREE * Math.cos((lat * Math.PI) / 180);

/** A closed ring of the given radius round a point. */
export function circleRing([lon, lat]: LonLat, radius_m: number, corners = 64): LonLat[] {
  const ring: LonLat[] = [];
  for (let corner = 0; corner <= corners; corner += 1) {
    const angle = (2 * Math.PI * (corner % corners)) / corners;
    ring.push([
      lon + (radius_m * Math.cos(angle)) / metresPerDegreeOfLongitude(lat),
      lat + (radius_m * Math.sin(angle)) / METRES_PER_DEGREE,
    ]);
  }
  return ring;
}

export function distanceMetres([lonA, latA]: LonLat, [lonB, latB]: LonLat): number {
  const east = (lonB - lonA) * metresPerDegreeOfLongitude((latA + latB) / 2);
  return Math.hypot(east, (latB - latA) * METRES_PER_DEGREE);
}

/** The box that shows a point with its uncertainty and at least `least_m` on each side. */
export function boundsAround(points: readonly { at: LonLat; radius_m: number }[], least_m = 350): [LonLat, LonLat] | null {
  if (points.length === 0) return null;
  let [west, south, east, north] = [180, 90, -180, -90];
  for (const { at: [lon, lat], radius_m } of points) {
    const reach = Math.max(radius_m * 1.25, least_m);
    const [lonReach, latReach] = [reach / metresPerDegreeOfLongitude(lat), reach / METRES_PER_DEGREE];
    [west, east] = [Math.min(west, lon - lonReach), Math.max(east, lon + lonReach)];
    [south, north] = [Math.min(south, lat - latReach), Math.max(north, lat + latReach)];
  }
  return [[west, south], [east, north]];
}

export interface GridLine {
  line: [LonLat, LonLat];
  label: string;
}

/** Meridians and parallels every `step` degrees that cross the box. */
export function graticule([[west, south], [east, north]]: [LonLat, LonLat], step: number): GridLine[] {
  const lines: GridLine[] = [];
  const digits = Math.max(0, Math.ceil(-Math.log10(step)));
  for (let k = Math.ceil(west / step); k * step <= east; k += 1) {
    lines.push({ line: [[k * step, south], [k * step, north]], label: `${(k * step).toFixed(digits)}°E` });
  }
  for (let k = Math.ceil(south / step); k * step <= north; k += 1) {
    lines.push({ line: [[west, k * step], [east, k * step]], label: `${(k * step).toFixed(digits)}°N` });
  }
  return lines;
}

const GRID_STEPS_DEG = [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 30];

/** The finest step that draws no more than about eight lines across the box. */
export function graticuleStep([[west], [east]]: [LonLat, LonLat]): number {
  return GRID_STEPS_DEG.find((step) => (east - west) / step <= 8) ?? 30;
}
