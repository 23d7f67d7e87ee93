/** What was learned of somebody, on the map, in words, and what is forgotten of it. */
import i18next from "i18next";
import { beforeAll, describe, expect, it } from "vitest";
import { zh } from "../../console/i18n/zh";
import type { Habits } from "../../src/api/types";
import { emptyForgetting, forgettingDrawn, habitFeatures, habitWords, mostWalked, placeOf, placesNear, placeWords } from "../../src/fence/habits";
import { distanceMetres, type LonLat } from "../../src/geo/metres";
import type { Translate } from "../../src/time/format";

const words = i18next.createInstance();
const t: Translate = (key, values) => words.t(key, { ...values });

beforeAll(() => words.init({ lng: "zh", showSupportNotice: false, resources: { zh: { translation: zh } }, interpolation: { escapeValue: false } }));

const HOME = { lat: 33.9624, lon: 118.2757 };
const METRE_NORTH = 1 / 111_320;
const north = (metres: number, days = 3) => ({ middle: { lat: HOME.lat + metres * METRE_NORTH, lon: HOME.lon }, days });
const habits = (change: Partial<Habits> = {}): Habits => ({ days: 34, days_least: 28, ready: true, places: [north(0, 31), north(75, 12), north(375, 4)], up_by: "09:30", ...change });

describe("what was learned", () => {
  it("is squares of 75 m, the deeper the more days", () => {
    const { features } = habitFeatures(habits());
    expect(features.map(({ properties }) => properties?.["share"])).toEqual([1, 12 / 31, 4 / 31]);
    const [ring] = (features[0]?.geometry as unknown as { coordinates: LonLat[][] }).coordinates;
    const [a, b, c] = ring ?? [];
    expect(distanceMetres(a ?? [0, 0], b ?? [0, 0])).toBeCloseTo(75, 1);
    expect(distanceMetres(b ?? [0, 0], c ?? [0, 0])).toBeCloseTo(75, 1);
    expect(ring?.at(0)).toEqual(ring?.at(-1));
    expect(habitFeatures(null).features).toEqual([]);
  });

  it("is told in sentences", () => {
    expect(habitWords(habits(), t)).toEqual(["学了 34 天，已用来判断（满 28 天起）。", "平常走动的地面有 3 格，每格 75 米见方，至少两天走过。", "平常 09:30 之前已经出门。"]);
    expect(habitWords(habits({ days: 9, ready: false, places: [], up_by: null }), t)).toEqual(["学了 9 天，满 28 天才用来判断。", "还没有哪里走过两天。", "早上出门的时间不固定，不用来判断。"]);
    expect(habitWords(habits({ days: 0 }), t)).toHaveLength(1);
  });

  it("names the places walked most, by their distance from home", () => {
    const most = mostWalked([north(375, 4), north(0, 31), north(78, 12)], 2);
    expect(most.map((place) => placeWords(place, HOME, t))).toEqual(["离家约 0 米：走过 31 天", "离家约 80 米：走过 12 天"]);
    expect(placeWords(north(0), null, t)).toBe("北纬 33.9624、东经 118.2757：走过 3 天");
  });
});

describe("what is forgotten", () => {
  const { places } = habits();
  const at = (metres: number): LonLat => [HOME.lon, HOME.lat + metres * METRE_NORTH];

  it.each([[0, 0, 1], [30, 0, 1], [37.4, 0, 1], [200, 0, 0], [0, 30, 1], [0, 40, 2], [0, 300, 2], [0, 340, 3], [200, 140, 2], [200, 170, 3]])("%d m north of home within %d m: %d squares", (metres, within_m, count) => {
    expect(placesNear(places, at(metres), within_m)).toHaveLength(count);
  });

  it("is where somebody clicked or typed, and nowhere before", () => {
    expect(placeOf(emptyForgetting)).toBeNull();
    for (const [lat, lon] of [["33.9", ""], ["x", "118.2"], ["118.2", "33.9"], ["33.9", "190"]]) expect(placeOf({ lat: lat ?? "", lon: lon ?? "", within: "0" })).toBeNull();
    expect(placeOf({ lat: "33.9624", lon: "118.2757", within: "0" })).toEqual([118.2757, 33.9624]);
  });

  it("is drawn as a circle, or as the point alone", () => {
    const place = { lat: "33.9624", lon: "118.2757" };
    expect(forgettingDrawn({ ...place, within: "300" })).toEqual({ shape: { type: "Circle", center: [118.2757, 33.9624], radius_m: 300 }, corners: [[118.2757, 33.9624]] });
    expect(forgettingDrawn({ ...place, within: "0" })).toEqual({ shape: null, corners: [[118.2757, 33.9624]] });
    expect(forgettingDrawn(emptyForgetting)).toEqual({ shape: null, corners: [] });
  });
});
