import { describe, expect, it } from "vitest";
import { boundsAround, circleRing, distanceMetres, graticule, graticuleStep, type LonLat } from "../../src/geo/metres";
import { isStale, positionAgeSeconds, shownPosition } from "../../src/incident/position";
import { stopwatch, timeText } from "../../src/time/format";
import { createServerClock } from "../../src/time/serverClock";
import { at, incident, T0 } from "./make";

const centre: LonLat = [118.2757, 33.9624];
const fix = (seconds: number) => ({ lat: 33.9624, lon: 118.2757, accuracy_m: 18, method: "gps" as const, fix_time: at(seconds), age_s: 7 });

describe("metres on the ground", () => {
  it("every corner of a circle is its radius away", () => {
    for (const corner of circleRing(centre, 800)) expect(Math.abs(distanceMetres(centre, corner) - 800)).toBeLessThan(2);
  });
  it("a circle is closed", () => {
    const ring = circleRing(centre, 20);
    expect(ring.at(0)).toEqual(ring.at(-1));
  });
  it("bounds hold the whole circle of uncertainty", () => {
    const bounds = boundsAround([{ at: centre, radius_m: 2_000 }]);
    for (const [lon, lat] of circleRing(centre, 2_000)) {
      expect(lon > (bounds?.[0][0] ?? 0) && lon < (bounds?.[1][0] ?? 0) && lat > (bounds?.[0][1] ?? 0) && lat < (bounds?.[1][1] ?? 0)).toBe(true);
    }
    expect(boundsAround([])).toBeNull();
  });
  it("a graticule stays sparse at every zoom", () => {
    for (const span of [0.003, 0.02, 0.3, 5, 100]) {
      const bounds: [LonLat, LonLat] = [[118, 33], [118 + span, 33 + span / 2]];
      expect(graticule(bounds, graticuleStep(bounds)).length).toBeLessThan(20);
    }
  });
});

describe("a position", () => {
  it("is not moved back by a late point", () => {
    const live = { handset: "demo-0001", resident: null, ...fix(-300) };
    expect(shownPosition(incident({ position: fix(-10) }), live)?.fix_time).toBe(at(-10));
    expect(shownPosition(incident({ position: fix(-400) }), live)?.fix_time).toBe(at(-300));
    expect(shownPosition(incident(), undefined)).toBeNull();
  });
  it("is not that of whom the handset was given to", () => {
    const live = { handset: "demo-0001", resident: "r-0002", ...fix(-10) };
    const about = (id: string) => incident({ position: fix(-300), resident: { id, name: "李国强" } });
    expect(shownPosition(about("r-0002"), live)?.fix_time).toBe(at(-10));
    expect(shownPosition(about("r-0001"), live)?.fix_time).toBe(at(-300));
  });
  it("is stale after ten minutes", () => {
    expect(isStale(fix(-600), T0)).toBe(false);
    expect(isStale(fix(-601), T0)).toBe(true);
  });
  it("dated in the future has the age the server reckoned", () => {
    expect(positionAgeSeconds(fix(86_400), T0)).toBe(7);
  });
});

describe("times", () => {
  it("are shown in the district's zone, with the date only when it is another day", () => {
    expect(timeText("2026-11-23T08:00:05Z", T0)).toBe("16:00:05");
    expect(timeText("2026-11-22T15:59:59Z", T0)).toBe("2026-11-22 23:59:59");
  });
  it("run as a watch", () => expect([stopwatch(5), stopwatch(725), stopwatch(3723)]).toEqual(["0:05", "12:05", "1:02:03"]));
  it("follow the server's clock, not the desk's", () => {
    let monotonic = 1_000;
    const clock = createServerClock(() => monotonic, () => 42);
    expect(clock.nowMs()).toBe(42);
    clock.anchor(at(0));
    monotonic += 2_500;
    expect(clock.nowMs()).toBe(T0 + 2_500);
    clock.anchor("nonsense");
    expect(clock.nowMs()).toBe(T0 + 2_500);
  });
});
