import { describe, expect, it } from "vitest";
import type { Consent, Relative } from "../../src/api/types";
import { lostWith, mayStandOn } from "../../src/family/consent";
import { fieldTime } from "../../src/time/format";
import { at } from "./make";

const consent = (id: string, recordedAt: number, change: Partial<Consent> = {}): Consent => ({
  id, resident: "r-1", purpose: "family", given_by: "resident", giver: "王秀英", data: "警情和位置", text_version: "1", channel: "paper",
  given_at: at(recordedAt - 3_600), recorded_at: at(recordedAt), recorded_by: "supervisor", withdrawn_at: null, ...change,
});
const relative = (name: string, since: number): Relative => ({ username: name, display_name: name, relation: "女儿", since: at(since), own: false });
const names = (relatives: Relative[]) => relatives.map((each) => each.display_name);

describe("who loses their sight with a consent", () => {
  const first = consent("c-1", 0);
  const second = consent("c-2", 100);

  it("is whoever began after it was entered, and can stand on no other", () => {
    const lost = lostWith(first, [second, first], [relative("before", -10), relative("between", 50), relative("after", 150)]);
    expect(names(lost.surely)).toEqual(["between"]);
    expect(names(lost.perhaps)).toEqual(["after"]);
    expect(names(lostWith(second, [second, first], [relative("between", 50)]).perhaps)).toEqual([]);
  });

  it("is nobody where it is about something else, or was withdrawn", () => {
    const tracking = consent("c-3", 0, { purpose: "tracking" });
    const withdrawn = consent("c-4", 0, { withdrawn_at: at(20) });
    expect(mayStandOn(relative("after", 150), [tracking, withdrawn])).toEqual([]);
    expect(lostWith(first, [tracking, withdrawn, first], [relative("after", 150)])).toEqual({ surely: [relative("after", 150)], perhaps: [] });
  });

  it("counts a sight that began in the moment the consent was entered", () => {
    expect(names(lostWith(first, [first], [relative("at once", 0)]).surely)).toEqual(["at once"]);
  });
});

describe("a date-and-time field", () => {
  it("is read in the district's time, whatever the desk is set to", () => {
    expect(Date.parse(fieldTime("2026-11-23T16:00"))).toBe(Date.parse("2026-11-23T08:00:00Z"));
    expect(fieldTime("2026-11-23T16:00:05")).toBe("2026-11-23T16:00:05+08:00");
  });
});
