/** Fences as they are typed, drawn, pasted and sent. */
import { describe, expect, it } from "vitest";
import { armedIn, cornersOf, draftOf, emptyDraft, emptyHours, faultsOf, recordOf, shapeOf } from "../../src/fence/draft";
import { sureness } from "../../src/fence/evidence";
import { exported, parseShape, polygonsOf } from "../../src/fence/shapes";
import type { Signal } from "../../src/api/types";

const HOME = { lat: 33.9624, lon: 118.2757 };
const ring: [number, number][] = [[118.27, 33.96], [118.28, 33.96], [118.28, 33.97], [118.27, 33.96]];
const polygon = { type: "Polygon" as const, coordinates: [ring] };

describe("a draft", () => {
  it("begins as a circle round the home, and says what is missing", () => {
    const draft = emptyDraft(HOME);
    expect(shapeOf(draft)).toEqual({ type: "Circle", center: [118.2757, 33.9624], radius_m: 200 });
    expect(faultsOf(draft)).toEqual(["name"]);
    expect(faultsOf({ ...draft, name: "家", radius: "-1" })).toEqual(["circle"]);
    expect(faultsOf({ ...draft, name: "家", how: "polygon", corners: "33.96, 118.27\n33.96, 118.28" })).toEqual(["polygon"]);
    expect(faultsOf({ ...draft, name: "家", how: "text", text: "{" })).toEqual(["text_unreadable"]);
    const hours = [{ ...emptyHours([], false, "2026-11-29"), days: [] }];
    expect(faultsOf({ ...draft, name: "家", hours })).toEqual(["hours"]);
  });

  it("closes its ring by itself and reads full-width commas", () => {
    const corners = "33.96, 118.27\n33.96，118.28\nnonsense\n33.97 118.28";
    expect(cornersOf(corners)).toEqual(ring.slice(0, 3));
    expect(shapeOf({ ...emptyDraft(null), how: "polygon", corners })).toEqual(polygon);
  });

  it("comes back from what the server has as it was", () => {
    const schedule = [{ days: ["mon"], from: "22:00", to: "06:00" }, { date: "2026-12-31", from: "00:00", to: "24:00", armed: false }];
    for (const shape of [polygon, { type: "Circle" as const, center: [118.27, 33.96], radius_m: 150 }, { type: "Corridor" as const, line: ring, width_m: 60 }]) {
      const known = { name: "家", kind: "safe", shape, schedule, home_by: ["18:00"], dwell_s: 30, armed: false };
      expect(recordOf(draftOf(known))).toEqual(known);
    }
  });
});

it("is armed always but for what is taken out, unless weekly hours arm it", () => {
  const weekly = emptyHours([], false, "2026-11-29");
  const date = emptyHours([], true, "2026-11-29");
  expect(armedIn([])).toBe("always");
  expect(armedIn([{ ...date, armed: true }])).toBe("always");
  expect(armedIn([date])).toBe("always_but");
  expect(armedIn([{ ...weekly, armed: false }])).toBe("always_but");
  expect(armedIn([{ ...weekly, armed: false }, weekly])).toBe("weekly");
});

describe("pasted GeoJSON", () => {
  it("is a circle or a corridor where a point or a line says how wide it is", () => {
    const feature = (geometry: unknown, properties: unknown) => JSON.stringify({ type: "Feature", geometry, properties });
    const point = { type: "Point", coordinates: [118.27, 33.96] };
    expect(parseShape(feature(point, { radius_m: 150 }))).toEqual({ type: "Circle", center: [118.27, 33.96], radius_m: 150 });
    const line = { type: "LineString", coordinates: [[118.27, 33.96], [118.28, 33.96]] };
    expect(parseShape(feature(line, { width_m: 40 }))).toEqual({ type: "Corridor", line: line.coordinates, width_m: 40 });
    expect(parseShape(feature(point, null))).toBe("none");
    expect(parseShape(feature(null, null))).toBe("none");
  });
  it("is the shape itself, a feature, or a collection of one", () => {
    const feature = { type: "Feature", properties: {}, geometry: polygon };
    for (const value of [polygon, feature, { type: "FeatureCollection", features: [feature] }]) expect(parseShape(JSON.stringify(value))).toEqual(polygon);
    expect(parseShape(JSON.stringify({ type: "FeatureCollection", features: [feature, feature] }))).toBe("many");
    expect(parseShape(JSON.stringify({ type: "Point", coordinates: [1, 2] }))).toBe("none");
    expect(parseShape("[")).toBe("unreadable");
  });

  it("is read back as it was exported, circles too", () => {
    const circle = { type: "Circle" as const, center: [118.27, 33.96] as [number, number], radius_m: 150 };
    for (const shape of [circle, polygon]) {
      const file = exported([{ id: "f", name: "家", kind: "safe", armed: true, shape }]);
      expect(parseShape(JSON.stringify(file))).toEqual(shape);
      expect(file.features[0]?.geometry.type).toMatch(/Polygon/);
    }
  });
});

it("a corridor is as wide as it says", () => {
  const [first] = polygonsOf({ type: "Corridor", line: [[118.27, 33.96], [118.28, 33.96]], width_m: 60 });
  const lats = (first?.[0] ?? []).map(([, lat]) => lat);
  expect((Math.max(...lats) - Math.min(...lats)) * 111_320).toBeCloseTo(60, 0);
});

it("how sure it was is drawn by time, and not from one fix", () => {
  const fix = (second: number, inside: number | null) => ({ fix_time: new Date(second * 1_000).toISOString(), lat: 0, lon: 0, method: "gps", accuracy_m: 8, inside });
  const signal = (fixes: unknown[]) => ({ evidence: { rule: "fence/exit", version: "1", why: "", fixes } }) as unknown as Signal;
  expect(sureness(signal([fix(0, 0.99), fix(30, null), fix(60, 0.01)]))).toMatchObject([{ x: 0, y: 0.99, inside: 99 }, { x: 1, y: 0.01, inside: 1 }]);
  expect(sureness(signal([fix(0, 0.99)]))).toEqual([]);
});
