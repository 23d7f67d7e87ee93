/** Fences as they are typed, drawn, pasted and sent. */
import { describe, expect, it } from "vitest";
import { cornersOf, mayHole, withHole, withoutLast } from "../../src/fence/corners";
import { armedIn, clicked, datumOf, draftDrawn, draftOf, emptyDraft, emptyHours, faultsOf, type FenceDraft, isClickable, isFixed, recordOf, shapeOf, typedIn, undone } from "../../src/fence/draft";
import { sureness } from "../../src/fence/evidence";
import { fencesIn, pasted, takenFrom } from "../../src/fence/offered";
import { parseShape, polygonsOf } from "../../src/fence/shapes";
import type { Signal } from "../../src/api/types";

const HOME = { lat: 33.9624, lon: 118.2757 };
const ring: [number, number][] = [[118.27, 33.96], [118.28, 33.96], [118.28, 33.97], [118.27, 33.96]];
const hole: [number, number][] = [[118.277, 33.962], [118.278, 33.962], [118.278, 33.963], [118.277, 33.962]];
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
    const exact: [number, number][] = ring.map(([lon, lat]) => [lon + 0.000_000_123, lat]);
    const shapes = [
      [{ type: "Polygon" as const, coordinates: [exact] }, "polygon"], [{ type: "Polygon" as const, coordinates: [ring, hole] }, "polygon"], [{ type: "MultiPolygon" as const, coordinates: [[ring]] }, "text"],
      [{ type: "Circle" as const, center: [118.27, 33.96], radius_m: 150 }, "circle"], [{ type: "Corridor" as const, line: ring, width_m: 60 }, "corridor"],
    ] as const;
    for (const [shape, how] of shapes) {
      const known = { name: "家", kind: "safe", shape, schedule, home_by: ["18:00"], dwell_s: 30, armed: false };
      expect(recordOf(draftOf(known))).toEqual({ ...known, datum: "wgs84" });
      expect(draftOf(known).how).toBe(how);
    }
  });
});

describe("a hole and a route", () => {
  const area: FenceDraft = { ...emptyDraft(null), name: "院子", how: "polygon", corners: "33.96, 118.27\n33.96, 118.28\n33.97, 118.28\n" };

  it("is cut by clicking once the outside is whole", () => {
    expect([mayHole("33.96, 118.27"), mayHole(area.corners), mayHole(withHole(area.corners))]).toEqual([false, true, false]);
    const begun = { ...area, corners: withHole(area.corners) };
    expect(shapeOf(begun)).toEqual(polygon);
    const [first, second, third] = hole as [[number, number], [number, number], [number, number]];
    const two = [first, second].reduce((draft: FenceDraft, at) => ({ ...draft, ...clicked(draft, at) }), begun);
    expect(faultsOf(two)).toEqual(["polygon"]);
    expect(draftDrawn(two).shape).toEqual(polygon);
    expect(draftDrawn(two).ways).toHaveLength(2);
    const whole = { ...two, ...clicked(two, third) };
    expect(shapeOf(whole)).toEqual({ type: "Polygon", coordinates: [ring, hole] });
    expect([faultsOf(whole), datumOf(whole)]).toEqual([[], "wgs84"]);
    expect(undone(begun)).toEqual({ corners: area.corners });
    expect(withoutLast("33.96, 118.27")).toBe("");
  });

  it("is clicked point by point and has a width", () => {
    const route: FenceDraft = { ...emptyDraft(null), name: "去菜场", how: "corridor" };
    expect(faultsOf(route)).toEqual(["corridor"]);
    const [from, to] = ring as [[number, number], [number, number]];
    const drawn = [from, to].reduce((draft: FenceDraft, at) => ({ ...draft, ...clicked(draft, at) }), route);
    expect(shapeOf(drawn)).toEqual({ type: "Corridor", line: [from, to], width_m: 60 });
    expect(draftDrawn(drawn)).toMatchObject({ corners: [from, to], ways: [[from, to]] });
    expect(faultsOf({ ...drawn, width: "0" })).toEqual(["corridor"]);
  });
});

describe("the datum", () => {
  const home = { ...emptyDraft(HOME), name: "家" };

  it("is that of the page's own map where nobody typed, and is chosen where somebody did", () => {
    expect(recordOf(home)).toMatchObject({ datum: "wgs84" });
    const typed = { ...home, ...typedIn(home, { lat: "33.961053", lon: "118.281" }) };
    expect([datumOf(typed), faultsOf(typed)]).toEqual(["", ["datum"]]);
    expect(recordOf({ ...typed, datum: "gcj02" })).toMatchObject({ datum: "gcj02" });
    expect(datumOf({ ...typed, ...clicked({ ...typed, datum: "gcj02" }, [118.27, 33.96]), datum: "gcj02" })).toBe("wgs84");
    expect(datumOf({ ...typed, how: "polygon" })).toBe("wgs84");
    expect(typedIn(typed, { lat: "", lon: " " })).toMatchObject({ typed: [] });
  });

  it("is never mixed by a click among corners of another map", () => {
    const area: FenceDraft = { ...home, how: "polygon", corners: "33.96, 118.27" };
    expect(isClickable(area)).toBe(true);
    const typed = { ...area, ...typedIn(area, { corners: "33.96, 118.28" }) };
    expect(["" as const, "gcj02" as const, "wgs84" as const].map((datum) => isClickable({ ...typed, datum }))).toEqual([false, false, true]);
  });

  it("is that of the map once a corner was clicked or is stored, however much is typed beside it", () => {
    const area: FenceDraft = { ...home, how: "polygon" };
    const clicks = ring.slice(0, 3).reduce((draft: FenceDraft, at) => ({ ...draft, ...clicked(draft, at) }), area);
    const stored = draftOf({ name: "家", shape: polygon });
    const several = draftOf({ name: "家", shape: { type: "MultiPolygon", coordinates: [[ring]] } });
    const route = draftOf({ name: "路", shape: { type: "Corridor", line: ring, width_m: 60 } });
    const mixed: FenceDraft[] = [
      { ...clicks, ...typedIn(clicks, { corners: `${clicks.corners}33.965, 118.271` }) }, { ...stored, ...typedIn(stored, { corners: stored.corners.replace("33.97", "33.98") }) },
      { ...several, ...typedIn(several, { text: several.text.replace("33.97", "33.98") }) }, { ...route, ...typedIn(route, { route: route.route.replace("33.97", "33.98") }) },
      { ...home, ...typedIn(home, { lat: "33.961053" }) },
    ];
    for (const draft of mixed) expect([isFixed(draft), recordOf({ ...draft, datum: "gcj02" }).datum, faultsOf(draft)]).toEqual([true, "wgs84", []]);
    // All of it replaced: then whoever typed it knows.
    const anew = { ...stored, ...typedIn(stored, { corners: "33.951, 118.251\n33.951, 118.261\n33.961, 118.261" }) };
    expect([isFixed(anew), faultsOf(anew), recordOf({ ...anew, datum: "gcj02" }).datum]).toEqual([false, ["datum"], "gcj02"]);
  });

  it("that an object names itself is not taken from it", () => {
    const feature = { type: "Feature", properties: {}, geometry: polygon };
    const others = [
      { ...polygon, datum: "GCJ-02" }, { ...feature, crs: { type: "name", properties: { name: "EPSG:4490" } } }, { ...feature, geometry: { ...polygon, coordinate_system: "bd09" } },
      { type: "FeatureCollection", datum: "GCJ-02", features: [feature] }, { type: "FeatureCollection", features: [{ ...feature, datum: "GCJ-02" }] },
    ];
    for (const other of others) expect(parseShape(JSON.stringify(other))).toBe("datum");
    expect(faultsOf({ ...home, how: "text", text: JSON.stringify(others[0]) })).toEqual(["text_datum"]);
    const same = { type: "FeatureCollection", crs: { type: "name", properties: { name: "urn:ogc:def:crs:OGC:1.3:CRS84" } }, features: [{ ...feature, datum: null }] };
    expect(parseShape(JSON.stringify(same))).toEqual(polygon);
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

  it("is read back as the server exports it, with its hours and the rest", () => {
    const said = { kind: "forbidden", armed: false, schedule: [{ days: ["mon"], from: "22:00", to: "06:00" }], home_by: ["18:00"], dwell_s: 30 };
    const way = { type: "Feature", id: "f-1", geometry: { type: "LineString", coordinates: ring }, properties: { id: "f-1", name: "河边", width_m: 60, ...said } };
    const home = { type: "Feature", id: "f-2", geometry: { type: "Point", coordinates: ring[0] }, properties: { id: "f-2", name: "家", radius_m: 150, kind: "safe", armed: true } };
    const file = (...features: unknown[]) => JSON.stringify({ type: "FeatureCollection", features });
    const draft: FenceDraft = { ...emptyDraft(HOME), how: "text" };
    const one = { ...draft, ...pasted(draft, file(way)) };
    expect([one.how, faultsOf(one)]).toEqual(["corridor", ["datum"]]);
    expect(recordOf({ ...one, datum: "wgs84" })).toEqual({ name: "河边", shape: { type: "Corridor", line: ring, width_m: 60 }, datum: "wgs84", ...said });
    expect(pasted({ ...draft, name: "渠边" }, file(way))).toMatchObject({ name: "渠边" });
    // Of several somebody takes one; what is left of the text is there for the next.
    const both = { ...draft, ...pasted(draft, file(way, home)) };
    expect([both.how, faultsOf(both)]).toEqual(["text", ["name", "text_many"]]);
    const offered = fencesIn(both.text);
    expect(offered.map(({ name }) => name)).toEqual(["河边", "家"]);
    expect(takenFrom(both, offered[1] ?? { name: "", shape: polygon })).toMatchObject({ how: "circle", radius: "150", name: "家", text: both.text });
  });

  it("is not taken for a fence where it says what the form cannot hold", () => {
    const feature = (properties: unknown, geometry: unknown = polygon) => JSON.stringify({ type: "Feature", properties, geometry });
    for (const properties of [{ kind: "river" }, { kind: "safe", schedule: [{ days: ["Monday"], from: "1", to: "2" }] }, { kind: "safe", home_by: "18:00" }, { kind: "safe", dwell_s: "30" }]) expect(fencesIn(feature(properties))).toEqual([]);
    expect(fencesIn(feature({ kind: "safe" }, { type: "Polygon" }))).toEqual([]);
    expect(fencesIn("{")).toEqual([]);
  });

  it("is read as it was exported before, with its own form among its properties", () => {
    const circle = { type: "Circle" as const, center: [118.27, 33.96] as [number, number], radius_m: 150 };
    const geometry = { type: "MultiPolygon", coordinates: polygonsOf(circle) };
    expect(parseShape(JSON.stringify({ type: "Feature", properties: { id: "f", name: "家", kind: "safe", armed: true, shape: circle }, geometry }))).toEqual(circle);
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
