import { describe, expect, it } from "vitest";
import type { Consent, Relative } from "../../src/api/types";
import { lostWith, type Share, stands, withShare } from "../../src/family/consent";
import { fieldTime } from "../../src/time/format";
import { at } from "./make";

const consent = (id: string, recordedAt: number, change: Partial<Consent> = {}): Consent => ({
  id, resident: "r-1", purpose: "family", given_by: "resident", giver: "王秀英", data: "警情和位置", shares: ["news", "position", "track"], text_version: "1", channel: "paper",
  given_at: at(recordedAt - 3_600), recorded_at: at(recordedAt), recorded_by: "supervisor", withdrawn_at: null, ...change,
});
const relative = (name: string, standsOn: string | null): Relative =>
  ({ username: name, display_name: name, relation: "女儿", since: at(150), own: false, consent: standsOn });

describe("who loses their sight with a consent", () => {
  it("is whoever's sight stands on it, and nobody else's", () => {
    const relatives = [relative("on it", "c-1"), relative("on another", "c-2"), relative("on none", null)];
    expect(lostWith(consent("c-1", 0), relatives).map((each) => each.display_name)).toEqual(["on it"]);
  });

  it("is asked of a consent that stands", () => {
    expect(stands(consent("c-1", 0))).toBe(true);
    expect(stands(consent("c-1", 0, { withdrawn_at: at(20) }))).toBe(false);
  });
});

describe("what a consent covers", () => {
  it.each<[string, Share[], Share, Share[]]>([
    ["the first one", [], "track", ["track"]],
    ["one more, in their order", ["track"], "news", ["news", "track"]],
    ["one less", ["news", "track"], "news", ["track"]],
    ["none", ["news"], "news", []],
  ])("%s", (_what, chosen, share, expected) => {
    expect(withShare(chosen, share)).toEqual(expected);
  });
});

describe("a date-and-time field", () => {
  it("is read in the district's time, whatever the desk is set to", () => {
    expect(Date.parse(fieldTime("2026-11-23T16:00"))).toBe(Date.parse("2026-11-23T08:00:00Z"));
    expect(fieldTime("2026-11-23T16:00:05")).toBe("2026-11-23T16:00:05+08:00");
  });
});
