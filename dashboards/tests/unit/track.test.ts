import { describe, expect, it } from "vitest";
import type { Track } from "../../src/api/types";
import { drawTrack } from "../../src/incident/track";
import { at, T0 } from "./make";

function track(points: { s: number; lat?: number; accuracy_m?: number }[]): Track {
  return {
    type: "FeatureCollection", datum: "WGS-84", resident: "r-0001", from: at(-90_000), to: at(0), fixes: points.length, unreadable: 0,
    features: points.map(({ s, lat = 33.9624, accuracy_m = 18 }) => ({
      type: "Feature", geometry: { type: "Point", coordinates: [118.2757, lat] },
      properties: { fix_time: at(s), received_at: at(s), accuracy_m, method: "gps", handset: "demo-0001" },
    })),
  };
}

const walk = (from: number, count: number) => Array.from({ length: count }, (_, n) => ({ s: from + n * 10, lat: 33.96 + n / 10_000 }));

describe("a track", () => {
  it("is a line that says how old its pieces are", () => {
    const drawing = drawTrack(track(walk(-7_200, 720)), T0);
    const points = drawing.pieces.reduce((sum, { line }) => sum + line.length, 0);
    // Pieces of an hour share the point at which they meet.
    expect(points).toBe(720 + drawing.pieces.length - 1);
    expect(drawing.pieces.length).toBeGreaterThanOrEqual(2);
    expect(drawing.pieces.at(-1)?.age_h).toBeCloseTo(0, 1);
    expect(drawing.pieces[0]?.age_h).toBeGreaterThan(0.9);
    expect(drawing.metres).toBeGreaterThan(7_900);
    expect(drawing.metres).toBeLessThan(8_100);
    expect([drawing.first, drawing.last]).toEqual([at(-7_200), at(-10)]);
  });
  it("is cut where nothing is known", () => {
    const drawing = drawTrack(track([...walk(-3_000, 10), ...walk(-1_000, 10)]), T0);
    for (const { line } of drawing.pieces) expect(line.length).toBeLessThanOrEqual(10);
    expect(drawing.pieces.length).toBeGreaterThanOrEqual(2);
  });
  it("leaves out what is too unsure, and counts it", () => {
    const drawing = drawTrack(track([{ s: -60 }, { s: -50, lat: 33.99, accuracy_m: 1_500 }, { s: -40 }]), T0);
    expect([drawing.fixes, drawing.unsure]).toEqual([3, 1]);
    expect(drawing.metres).toBeLessThan(1);
  });
  it("names a moment only where somebody went on", () => {
    const stays = Array.from({ length: 400 }, (_, n) => ({ s: -80_000 + n * 100 }));
    expect(drawTrack(track(stays), T0).moments).toHaveLength(1);
    expect(drawTrack(track(walk(-7_200, 720)), T0).moments.length).toBeGreaterThan(2);
  });
  it("may be empty or a single point", () => {
    expect(drawTrack(track([]), T0)).toMatchObject({ pieces: [], moments: [], fixes: 0, first: null, last: null });
    expect(drawTrack(track([{ s: -5 }]), T0).pieces).toEqual([]);
  });
});
