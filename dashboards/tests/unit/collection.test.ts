/** Zones out of a file: what each feature is called, which cannot be used and why, and how they are sent. */
import { describe, expect, it } from "vitest";
import type { Answered } from "../../src/api/account";
import { type Candidate, candidatesDrawn, candidatesOf, chosenAtFirst, sendEach, tallyOf } from "../../src/fence/collection";

const ring: [number, number][] = [[118.27, 33.96], [118.28, 33.96], [118.28, 33.97], [118.27, 33.96]];
const polygon = { type: "Polygon" as const, coordinates: [ring] };
const feature = (properties: unknown, geometry: unknown = polygon) => ({ type: "Feature", properties, geometry });
const collection = (...features: unknown[]) => JSON.stringify({ type: "FeatureCollection", features });
const read = (text: string, known: string[] = []): Candidate[] => {
  const found = candidatesOf(text, "河流.geojson", known);
  if (typeof found === "string") throw new Error(found);
  return found;
};

describe("a file of areas", () => {
  it("calls each by its name, or by the file and its place", () => {
    const names = read(collection(feature({ name: " 北运河 " }), feature({ 名称: "六塘河" }), feature({ name: 7, NAME: "古黄河" }), feature({ name: "" }), feature(null))).map(({ name }) => name);
    expect(names).toEqual(["北运河", "六塘河", "古黄河", "河流 4", "河流 5"]);
  });

  it("says of each feature why it cannot be used", () => {
    const swapped = [[[33.96, 118.27], [33.96, 118.28], [33.97, 118.28], [33.96, 118.27]]];
    const found = read(collection(
      feature({}), feature({}, { type: "LineString", coordinates: ring }), feature({}, null), feature({}, { type: "Polygon", coordinates: swapped }), feature({}, { type: "Polygon" }),
      feature({}, { type: "MultiPolygon", coordinates: [] }), { type: "FeatureCollection", features: [feature({}), feature({})] }, null, "x",
    ));
    expect(found.map(({ fault }) => fault)).toEqual([null, "no_area", "nothing", "coordinates", "coordinates", "coordinates", "several", "nothing", "nothing"]);
    expect(candidatesDrawn(found)).toEqual([{ id: "file-0", name: "河流 1", kind: "forbidden", armed: false, shape: polygon }]);
  });

  it("may be one feature or one shape, and may be none", () => {
    expect(read(JSON.stringify(feature({ name: "水塘" })))).toMatchObject([{ name: "水塘", fault: null }]);
    expect(read(JSON.stringify(polygon))).toMatchObject([{ name: "河流 1", fault: null }]);
    expect(["{", "[]", "7", '{"type":"FeatureCollection"}', collection()].map((text) => candidatesOf(text, "x", []))).toEqual(["unreadable", "none", "none", "none", "none"]);
  });

  it("is read back as it was exported, circles too", () => {
    const circle = { type: "Circle" as const, center: [118.27, 33.96] as [number, number], radius_m: 150 };
    const pond = { ...feature({ name: "水塘", kind: "forbidden", dwell_s: 45, radius_m: 150 }, { type: "Point", coordinates: circle.center }), id: "z" };
    expect(read(collection(pond))).toMatchObject([{ name: "水塘", shape: circle, fault: null, dwell_s: 45 }]);
  });

  it("of which the whole, or a feature, names another datum is not taken", () => {
    const other = { ...feature({ name: "水塘" }), datum: "GCJ-02" };
    expect(read(collection(other, feature({ name: "河" }))).map(({ fault }) => fault)).toEqual(["datum", null]);
    const whole = JSON.stringify({ type: "FeatureCollection", crs: { type: "name", properties: { name: "EPSG:4490" } }, features: [feature({ name: "河" })] });
    expect(read(whole)).toMatchObject([{ fault: "datum", shape: null }]);
  });

  it("chooses at first what can be used and is not there already", () => {
    const found = read(collection(feature({ name: "北运河" }), feature({ name: "水塘" }), feature({ name: "水塘" }), feature({ name: "点" }, null)), ["北运河"]);
    expect(found.map(({ isKnown }) => isKnown)).toEqual([true, false, true, false]);
    expect([...chosenAtFirst(found)]).toEqual([1]);
  });
});

describe("what became of them", () => {
  it("counts what nobody knows apart from what was not taken", () => {
    expect(tallyOf(6, ["added", "failed", "added", "unsure"])).toEqual({ added: 2, failed: 1, unsure: 1, left: 2 });
    expect(tallyOf(0, [])).toEqual({ added: 0, failed: 0, unsure: 0, left: 0 });
  });
});

describe("sending them", () => {
  const done: Answered<unknown> = { kind: "done", value: {} };
  const refused = (status: number, retry_after_s: number | null = null): Answered<unknown> => ({ kind: "refused", status, code: "x", detail: "", retry_after_s });
  const candidates = read(collection(...["a", "b", "c"].map((name) => feature({ name }))));

  async function sent(answers: Answered<unknown>[], stopAfter = Number.POSITIVE_INFINITY) {
    const left = [...answers];
    const [told, pauses]: [string[], number[]] = [[], []];
    let posts = 0;
    const ending = await sendEach(candidates, {
      post: async () => {
        posts += 1;
        return left.shift() ?? done;
      },
      told: ({ name }, answer) => void told.push(`${name} ${answer.kind}`),
      isStopped: () => posts >= stopAfter,
      pause: async (ms) => void pauses.push(ms),
    });
    return { ending, told, pauses, posts };
  }

  it("goes on where one is refused", async () => {
    expect(await sent([done, refused(422), done])).toEqual({ ending: "done", told: ["a done", "b refused", "c done"], pauses: [], posts: 3 });
  });
  it("waits as long as the server says where it was too fast, and not for ever", async () => {
    expect(await sent([refused(429, 3), done])).toMatchObject({ ending: "done", told: ["a done", "b done", "c done"], pauses: [3_000], posts: 4 });
    expect(await sent(Array.from({ length: 5 }, () => refused(429)))).toMatchObject({ told: ["a refused", "b done", "c done"], pauses: [1_000, 1_000, 1_000, 1_000] });
  });
  it("ends where nobody knows what became of one, or none will be taken", async () => {
    expect(await sent([done, { kind: "unreached" }])).toMatchObject({ ending: "unreached", told: ["a done", "b unreached"], posts: 2 });
    for (const status of [401, 403, 423]) expect(await sent([refused(status)])).toMatchObject({ ending: "shut_out", posts: 1 });
  });
  it("stops between two, and never in one", async () => {
    expect(await sent([], 1)).toMatchObject({ ending: "stopped", told: ["a done"], posts: 1 });
    expect(await sent([refused(429, 2)], 1)).toMatchObject({ ending: "stopped", told: [], pauses: [2_000] });
  });
});
