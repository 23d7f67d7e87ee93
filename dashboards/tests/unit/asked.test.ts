/** What handsets are asked, and planned absences. */
import { describe, expect, it } from "vitest";
import type { Absence, Asked } from "../../src/api/types";
import { commandOf, isUnderWay, noWish, rowsOf, secondsLeft, stageOf } from "../../src/incident/asked";
import { absenceOf, emptyAbsence, faultOf, isAway } from "../../src/resident/absence";
import { at, T0 } from "./make";

const asked = (change: Partial<Asked> = {}): Asked => ({
  id: "locate-1", handset: "h", kind: "locate", state: "queued", incident: "i-1", by: "operator", asked_at: at(0), expires_at: at(120), sent_at: null, answered_at: null, ok: null, detail: null, ...change,
});

describe("a question to a handset", () => {
  it("is under way until its time is over, also where nobody asked the server again", () => {
    expect(stageOf(asked(), T0 + 60_000)).toBe("queued");
    expect(stageOf(asked({ state: "sent", sent_at: at(1) }), T0 + 60_000)).toBe("sent");
    expect(secondsLeft(asked(), T0 + 59_500)).toBe(61);
    expect(isUnderWay(asked(), T0 + 119_999)).toBe(true);
    expect(isUnderWay(asked(), T0 + 120_000)).toBe(false);
  });

  it("that expired says whether the handset ever had it", () => {
    expect(stageOf(asked(), T0 + 121_000)).toBe("unheard");
    expect(stageOf(asked({ state: "sent", sent_at: at(1) }), T0 + 121_000)).toBe("unanswered");
    expect(stageOf(asked({ state: "expired" }), T0 + 1_000)).toBe("unheard");
  });

  it("is answered for good, by yes or by no", () => {
    expect(stageOf(asked({ state: "answered", ok: true, answered_at: at(5) }), T0 + 900_000)).toBe("answered");
    expect(stageOf(asked({ state: "answered", ok: false, answered_at: at(5) }), T0 + 900_000)).toBe("refused");
    expect(stageOf(asked({ state: "answered", answered_at: at(5) }), T0 + 900_000)).toBe("answered");
  });

  it("that the platform repeats is one row, and people's stay", () => {
    const own = (n: number) => asked({ id: `auto-${n}`, by: null });
    const ring = asked({ id: "ring", kind: "ring", by: null });
    const located = { count: 480, first_at: at(0), last_at: at(14_370) };
    const rows = rowsOf({ items: [own(3), asked(), own(2), ring, own(1)], located });
    expect(rows.map(({ asked: { id }, before }) => [id, before])).toEqual([["auto-3", 479], ["locate-1", 0], ["ring", 0]]);
    expect(rowsOf({ items: [], located: null })).toEqual([]);
  });

  it("is not sent while something is missing", () => {
    expect(commandOf("say", noWish)).toBeNull();
    expect(commandOf("say", { ...noWish, say: " 您好 " })).toEqual({ kind: "say", say: "您好" });
    expect(commandOf("call", { ...noWish, number: "12" })).toBeNull();
    expect(commandOf("call", { ...noWish, number: "139 0000-0001" })).toEqual({ kind: "call", number: "13900000001" });
    expect(commandOf("interval", noWish)).toEqual({ kind: "interval", interval_s: 30 });
    expect(commandOf("ring", noWish)).toEqual({ kind: "ring" });
  });
});

describe("an absence", () => {
  // T0 is 16:00 in Beijing.
  it("ends, later than it begins and than now, within 92 days", () => {
    const draft = { ...emptyAbsence, to: "2026-11-30T12:00" };
    expect(faultOf(emptyAbsence, T0)).toBe("to_needed");
    expect(faultOf(draft, T0)).toBeNull();
    expect(faultOf({ ...draft, to: "2026-11-23T15:59" }, T0)).toBe("over");
    expect(faultOf({ ...draft, from: "2026-12-01T00:00" }, T0)).toBe("backwards");
    expect(faultOf({ ...draft, to: "2027-02-23T16:01" }, T0)).toBe("long");
    expect(faultOf({ ...draft, to: "2027-02-23T16:00" }, T0)).toBeNull();
  });

  it("is sent in the district's time, and begins now unless said otherwise", () => {
    expect(absenceOf({ reason: "holiday", from: "", to: "2026-11-30T12:00" })).toEqual({ reason: "holiday", to: "2026-11-30T12:00:00+08:00" });
    expect(absenceOf({ reason: "hospital", from: "2026-11-24T08:00", to: "2026-11-30T12:00" })).toMatchObject({ from: "2026-11-24T08:00:00+08:00" });
  });

  it("is now from its first moment to its last", () => {
    const absence: Absence = { id: "a", reason: "hospital", from: at(0), to: at(60), by: "operator" };
    expect([-1, 0, 59, 60].map((s) => isAway(absence, T0 + s * 1_000))).toEqual([false, true, true, false]);
  });
});
