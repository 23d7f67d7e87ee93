/** Corners of an area and points of a route as they are typed: one a line, latitude first, as people read them off a map. Pure. */
import type { LonLat } from "../geo/metres";

/** Stands between the corners of an area and those of a hole in it. */
const HOLE = "---";
const HOLE_LINE = /^[^\S\n]*-{3,}[^\S\n]*$/m;

/** As exactly as it is: an area that is only renamed is not moved. */
const cornerText = ([lon, lat]: LonLat): string => `${lat}, ${lon}`;

/** The corners that are typed so far; a line that is none is passed over while it is being typed. */
export function cornersOf(text: string): LonLat[] {
  return text.split("\n").flatMap((line) => {
    const [lat, lon, more] = line.normalize("NFKC").split(/[,，\s]+/).filter(Boolean).map(Number);
    const isOne = lat !== undefined && lon !== undefined && more === undefined && Number.isFinite(lat) && Number.isFinite(lon);
    return isOne ? [[lon, lat] as LonLat] : [];
  });
}

/** The outside, and each hole that has a corner. */
export function ringsOf(text: string): [LonLat[], ...LonLat[][]] {
  const [outside = [], ...holes] = text.normalize("NFKC").split(HOLE_LINE).map(cornersOf);
  return [outside, ...holes.filter((hole) => hole.length > 0)];
}

export const isRing = (ring: readonly LonLat[]): boolean => ring.length >= 3;

/** Back at its first corner. */
export const closed = (ring: readonly LonLat[]): LonLat[] => [...ring, ...ring.slice(0, 1)];

export const textOfLine = (line: readonly LonLat[]): string => line.map(cornerText).join("\n");

/** Without the first corner that a ring ends in again, where it does. */
function opened(ring: readonly LonLat[]): readonly LonLat[] {
  const [first, last] = [ring[0], ring.at(-1)];
  return ring.length > 1 && first?.[0] === last?.[0] && first?.[1] === last?.[1] ? ring.slice(0, -1) : ring;
}

export const textOfRings = (rings: readonly LonLat[][]): string => rings.map((ring) => textOfLine(opened(ring))).join(`\n${HOLE}\n`);

const linesOf = (text: string): string => (text.trim() === "" ? "" : `${text.trimEnd()}\n`);

/** A click says no more than a map on a screen can. */
export const withCorner = (text: string, [lon, lat]: LonLat): string => `${linesOf(text)}${cornerText([Number(lon.toFixed(6)), Number(lat.toFixed(6))])}\n`;

/** A hole may be begun once all before it is whole. */
export const mayHole = (text: string): boolean => ringsOf(text).every(isRing) && !text.trimEnd().endsWith(HOLE);

/** What follows are the corners of a hole. */
export const withHole = (text: string): string => `${linesOf(text)}${HOLE}\n`;

export const withoutLast = (text: string): string => linesOf(text.trim().split("\n").slice(0, -1).join("\n"));
