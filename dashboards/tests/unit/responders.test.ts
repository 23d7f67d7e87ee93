import { describe, expect, it } from "vitest";
import { isResponderStale, type Placed, responderWords, respondersOf } from "../../src/incident/responders";
import { responderFeatures } from "../../src/map/features";
import { incident, responder, T0, task } from "./make";

const t = (key: string, values?: Record<string, unknown>): string => (values ? `${key}(${Object.values(values).join()})` : key);
const placed = (change: Partial<Placed["position"]> = {}): Placed => ({ ...responder(), position: { ...responder().position!, ...change } });
const after = (seconds: number): number => T0 + seconds * 1_000;

describe("who is under way", () => {
  it("is shown in the order of the tasks, and not once the task is over", () => {
    const open = incident({ tasks: [task({ id: "t-2", state: "en_route" }), task({ id: "t-1", state: "acknowledged" }), task({ id: "t-3", state: "finished" }), task({ id: "t-4" })] });
    const known = Object.fromEntries(["t-1", "t-2", "t-3", "t-9"].map((id) => [id, responder({ task: id })]));
    expect(respondersOf(open, { ...known, "t-4": responder({ task: "t-4", position: null }) }).map((one) => one.task)).toEqual(["t-2", "t-1"]);
  });
  it.each([[120, false], [121, true]])("after %i s is stale: %s", (seconds, stale) => expect(isResponderStale(placed(), after(seconds))).toBe(stale));

  it("is said with distance, accuracy, age and an estimate", () => {
    expect(responderWords(placed(), "en_route", after(20), t)).toBe("responder.distance(distance.kilometres(1.2)) · position.accuracy(12) · age.ago(age.seconds(20)) · responder.eta(age.minutes(7))");
  });
  it("has no estimate once there or once it is old, and no distance to nowhere", () => {
    expect(responderWords(placed(), "on_scene", after(20), t)).not.toContain("eta");
    expect(responderWords(placed(), "en_route", after(200), t)).toMatch(/responder\.stale$/);
    expect(responderWords(placed({ distance_m: null, eta_s: null }), "en_route", after(1), t)).toMatch(/^responder\.no_distance · .*seconds\(1\)\)$/);
  });
});

describe("who is under way, on the map", () => {
  const mark = { key: "t-1", lat: 33.97, lon: 118.28, accuracy_m: 12, isStale: true, label: "幸福服务站 20 秒前" };
  it("has a line to the person, if anybody knows where they are", () => {
    const kinds = (person: { lat: number; lon: number } | null) => responderFeatures([mark], person).features.map(({ geometry }) => geometry.type);
    expect([kinds({ lat: 33.96, lon: 118.27 }), kinds(null)]).toEqual([["LineString", "Point"], ["Point"]]);
    expect(responderFeatures([mark], null).features[0]).toMatchObject({ properties: { label: mark.label, stale: true }, geometry: { coordinates: [118.28, 33.97] } });
  });
});
