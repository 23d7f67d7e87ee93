import { describe, expect, it } from "vitest";
import { callerOf, canBeAsked, isMasked } from "../../src/incident/caller";
import { incident, signal } from "./make";

const call = (caller: string | null) => signal({ id: "a", kind: "call", caller });

describe("who rang", () => {
  it("is asked for whole only while somebody may have to be rung back", () => {
    const masked = call("邻居 ****7000");
    expect(canBeAsked(incident({}), masked)).toBe(true);
    expect(canBeAsked(incident({ state: "closed" }), masked)).toBe(false);
    expect(canBeAsked(incident({ unsaved: true }), masked)).toBe(false);
    expect(canBeAsked(incident({}), call("路人"))).toBe(false);
    expect(canBeAsked(incident({}), call(null))).toBe(false);
  });

  it("is found in the answer by its signal", () => {
    const whole = incident({ signals: [signal({ id: "b" }), call("邻居 13700137000")] });
    expect(callerOf(whole, "a")).toBe("邻居 13700137000");
    expect([callerOf(whole, "b"), callerOf(whole, "c"), callerOf(null, "a")]).toEqual([null, null, null]);
    expect([isMasked("****1234"), isMasked("13700137000"), isMasked(null)]).toEqual([true, false, false]);
  });
});
