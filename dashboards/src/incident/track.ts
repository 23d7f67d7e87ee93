/** A resident's track as it is drawn: what is joined to a line, how old each piece is, and what is left out. Pure. */
import type { Track } from "../api/types";
import { distanceMetres, type LonLat } from "../geo/metres";
import { timeOfDay } from "../time/format";

/** So long without a fix, and a line would only pretend to know the way. */
const GAP_MS = 10 * 60_000;
/** A fix less sure than this would draw a way nobody went. */
const SURE_ENOUGH_M = 300;
/** Pieces of a line change their colour with age this often. */
const PIECE_MS = 60 * 60_000;
/** A moment is named on the map when it is this far from the last one named, in time and place. */
const NAMED_AFTER_MS = 30 * 60_000;
const NAMED_BEYOND_M = 80;

export interface TrackPiece {
  line: LonLat[];
  /** Of its newest end. */
  age_h: number;
}

export interface TrackDrawing {
  pieces: TrackPiece[];
  moments: { at: LonLat; label: string }[];
  /** Fixes there are, also where fewer of them came. */
  fixes: number;
  /** Fixes that came and are too unsure to be on the line. */
  unsure: number;
  /** The length of the line. */
  metres: number;
  first: string | null;
  last: string | null;
}

interface Point {
  at: LonLat;
  ms: number;
}

const hoursAgo = (ms: number, nowMs: number): number => Math.max(0, (nowMs - ms) / 3_600_000);

/** Cuts where nothing is known for a while, and wherever an hour begins; a piece begins where the one before ends. */
function cut(points: Point[], nowMs: number): TrackPiece[] {
  const pieces: TrackPiece[] = [];
  let before: Point | null = null;
  for (const point of points) {
    const isNew = before === null || point.ms - before.ms > GAP_MS;
    const isNextHour = before !== null && Math.floor(point.ms / PIECE_MS) !== Math.floor(before.ms / PIECE_MS);
    if (isNew) pieces.push({ line: [point.at], age_h: hoursAgo(point.ms, nowMs) });
    else if (isNextHour && before) pieces.push({ line: [before.at, point.at], age_h: hoursAgo(point.ms, nowMs) });
    else {
      const last = pieces.at(-1);
      last?.line.push(point.at);
      if (last) last.age_h = hoursAgo(point.ms, nowMs);
    }
    before = point;
  }
  return pieces.filter(({ line }) => line.length > 1);
}

function named(points: Point[]): TrackDrawing["moments"] {
  const moments: TrackDrawing["moments"] = [];
  let last: Point | null = null;
  for (const point of points) {
    if (last && (point.ms - last.ms < NAMED_AFTER_MS || distanceMetres(point.at, last.at) < NAMED_BEYOND_M)) continue;
    moments.push({ at: point.at, label: timeOfDay(point.ms).slice(0, 5) });
    last = point;
  }
  return moments;
}

export function drawTrack(track: Track, nowMs: number): TrackDrawing {
  const sure = track.features.filter(({ properties }) => properties.accuracy_m <= SURE_ENOUGH_M);
  const points: Point[] = sure.map(({ geometry, properties }) => ({ at: [geometry.coordinates[0] ?? 0, geometry.coordinates[1] ?? 0], ms: Date.parse(properties.fix_time) }));
  const pieces = cut(points, nowMs);
  const length = (line: LonLat[]) => line.slice(1).reduce((sum, at, place) => sum + distanceMetres(line[place] ?? at, at), 0);
  return {
    pieces,
    moments: named(points),
    fixes: track.fixes,
    unsure: track.features.length - sure.length,
    metres: pieces.reduce((sum, { line }) => sum + length(line), 0),
    first: track.features[0]?.properties.fix_time ?? null,
    last: track.features.at(-1)?.properties.fix_time ?? null,
  };
}
