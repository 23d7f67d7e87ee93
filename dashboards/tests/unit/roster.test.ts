import i18next, { type TFunction } from "i18next";
import { beforeAll, describe, expect, it } from "vitest";
import { en } from "../../console/i18n/en";
import { zh } from "../../console/i18n/zh";
import type { ChannelState, RosterItem } from "../../src/api/types";
import { causeOf, hasProvider, reachOf, standingOf } from "../../src/reach/reach";
import { clockTyped, draftOf, entryOf, rosterFaults, toggled } from "../../src/roster/draft";
import { clockOf, DAYS, isOnCall, joined, minuteOfWeek, minutesIn, minutesOf, piecesOfDay, readGaps, type Shift, type Span, uncovered } from "../../src/roster/week";
import { dayWords, shiftWords, spanWords } from "../../src/roster/words";
import { T0 } from "./make";

let t: TFunction, tEn: TFunction;
beforeAll(async () => {
  const speak = (lng: string, translation: object) => i18next.createInstance().init({ lng, showSupportNotice: false, resources: { [lng]: { translation } }, interpolation: { escapeValue: false } });
  [t, tEn] = await Promise.all([speak("zh", zh), speak("en", en)]);
});

const WEEK = 7 * 1_440;
const shift = (days: readonly string[], from: string, to: string): Shift => ({ days: [...days], from, to });
const item = (change: Partial<RosterItem> = {}): RosterItem => ({ id: "roster-1", name: "李强", days: [...DAYS], from: "20:00", to: "08:00", channel: "sms", address: "****0002", ...change });
const channel = (change: Partial<ChannelState> = {}): ChannelState => ({ channel: "sms", set_up: true, counts: true, test: { at: new Date(T0).toISOString(), ok: true, took_ms: 12, detail: "s-1", by: "supervisor" }, ...change });

describe("the week", () => {
  it("is reckoned minute by minute like a roster that somebody reads", () => {
    // The slow way: each minute by itself. Seeds make the same shifts each time.
    let seed = 20261129;
    const random = (below: number) => { seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648; return seed % below; };
    for (let round = 0; round < 20; round += 1) {
      const shifts = Array.from({ length: random(4) }, () => shift(DAYS.filter(() => random(2) === 0), clockOf(random(96) * 15), clockOf(random(96) * 15)));
      const gaps = uncovered(shifts);
      for (let minute = 0; minute < WEEK; minute += 7) {
        const isGap = gaps.some(({ from, to }) => from <= minute && minute < to);
        expect([seed, shifts, minute, isGap]).toEqual([seed, shifts, minute, !shifts.some((each) => isOnCall(each, minute))]);
      }
    }
  });

  it("lets a night belong to the day on which it begins, also on Sunday", () => {
    const sunday = shift(["sun"], "22:00", "06:00");
    expect([6 * 1_440 + 23 * 60, 5 * 60, 6 * 60, 23 * 60].map((minute) => isOnCall(sunday, minute))).toEqual([true, true, false, false]);
    expect(piecesOfDay([sunday], 0).map(({ from, to }) => [from, to])).toEqual([[0, 360]]);
  });

  it("knows the hour in China", () => {
    // 2026-11-23 was a Monday.
    expect(minuteOfWeek(Date.parse("2026-11-23T00:00:00+08:00"))).toBe(0);
    expect(minuteOfWeek(Date.parse("2026-11-29T23:59:00+08:00"))).toBe(WEEK - 1);
  });

  it("puts those who are on call at one time into lines of their own", () => {
    const all = [item({ id: "a", from: "08:00", to: "20:00" }), item({ id: "b", from: "12:00", to: "13:00" }), item({ id: "c", from: "20:00", to: "22:00" })];
    expect(piecesOfDay(all, 2).map(({ item: { id }, lane }) => [id, lane])).toEqual([["a", 0], ["b", 1], ["c", 0]]);
  });

  it("reads the hours as the server names them, and reckons the same", () => {
    const named = ["Sat 08:00-20:00", "Sun 08:00-20:00"];
    const weekdays = [shift(DAYS.slice(0, 5), "08:00", "20:00"), shift(DAYS, "20:00", "08:00")];
    expect(readGaps(named)).toEqual(uncovered(weekdays));
    expect(joined(readGaps(DAYS.map((day) => `${day[0]?.toUpperCase()}${day.slice(1)} 00:00-24:00`)))).toEqual([{ from: 0, to: WEEK }]);
    expect(readGaps(["something else"])).toEqual([]);
  });

  it("reads and writes times", () => {
    expect(["22:30", "24:00", "7:05"].map(minutesOf)).toEqual([1_350, 1_440, 425]);
    for (const wrong of ["", "24:01", "12:60", "noon"]) expect(minutesOf(wrong)).toBeNaN();
    expect([clockOf(1_440), clockOf(1_440, true), clockOf(0, true)]).toEqual(["00:00", "24:00", "00:00"]);
  });
});

describe("hours in words", () => {
  it.each<[Span[], string[]]>([
    [uncovered([]), ["整个星期"]],
    [uncovered([shift(DAYS, "08:00", "20:00")]), ["每天 20:00–次日 08:00"]],
    [uncovered([shift(DAYS.slice(0, 5), "08:00", "20:00"), shift(DAYS, "20:00", "08:00")]), ["周六、周日 08:00–20:00"]],
    [uncovered([shift(DAYS.slice(0, 5), "00:00", "00:00")]), ["周六、周日 全天"]],
    [uncovered([shift(DAYS.slice(0, 5), "08:00", "20:00")]), ["周一至周四 20:00–次日 08:00", "周五 20:00 至 周一 08:00"]],
    [[{ from: 480, to: 1_440 }], ["周一 08:00–24:00"]],
  ])("%j", (spans, words) => expect(spanWords(spans, t)).toEqual(words));

  it("names the days and a shift", () => {
    expect([dayWords(DAYS, t), dayWords(["mon", "wed"], t), dayWords(["sun", "mon", "tue", "wed"], t)]).toEqual(["每天", "周一、周三", "周一至周三、周日"]);
    expect(shiftWords(shift(["fri"], "22:00", "22:00"), t)).toBe("周五 22:00–次日 22:00");
    expect(shiftWords(shift(DAYS, "00:00", "00:00"), tEn)).toBe("every day all day");
  });
});

describe("somebody to be on call", () => {
  it("says what is wrong, field by field", () => {
    expect(rosterFaults({ ...draftOf(null), days: [], from: "25:00" })).toEqual({ name: { kind: "needed" }, address: { kind: "needed" }, days: { kind: "days" }, from: { kind: "time" } });
    const ok = { ...draftOf(null), name: "李强" };
    for (const address of ["139 0000 0002", "+86-139-0000-0002", "１３９００００００００"]) expect(rosterFaults({ ...ok, address })).toEqual({});
    expect(rosterFaults({ ...ok, address: "****0002" }).address?.kind).toBe("masked");
    expect(rosterFaults({ ...ok, address: "李强的手机" }).address?.kind).toBe("telephone");
    expect(rosterFaults({ ...ok, channel: "email", address: "13900000002" }).address?.kind).toBe("email");
  });

  it.each([["20:00", "20:00"], ["20：00", "20:00"], ["2000", "20:00"], ["800", "08:00"], [" 8 ", "08:00"], ["8pm", "8pm"], ["", ""]])("reads %j as %j", (typed, clock) => expect(clockTyped(typed)).toBe(clock));

  it("has no end of the day but the next one's beginning", () => {
    const ok = { ...draftOf(null), name: "李强", address: "13900000002" };
    expect([rosterFaults({ ...ok, to: "2400" }).to?.kind, rosterFaults({ ...ok, to: "0" }).to, rosterFaults({ ...ok, from: "12:60" }).from?.kind]).toEqual(["time", undefined, "time"]);
  });

  it("sends digits, and keeps nothing of a number that is not shown", () => {
    expect(draftOf(item()).address).toBe("");
    expect(entryOf({ ...draftOf(item()), address: " +86 (139) 0000-0002 " })).toEqual({ name: "李强", days: [...DAYS], from: "20:00", to: "08:00", channel: "sms", address: "+8613900000002" });
    expect(toggled(toggled(["sun", "mon"], "wed"), "sun")).toEqual(["mon", "wed"]);
  });
});

describe("whether anybody is reached", () => {
  const day = item({ id: "roster-2", from: "08:00", to: "20:00", channel: "email" });
  it("needs a tested channel and somebody at every hour", () => {
    const night = item();
    expect(reachOf([night, item({ from: "08:00", to: "20:00" })], [channel()], T0)).toMatchObject({ isSound: true, rings: true, empty: [], uncounted: [] });
    const half = reachOf([night, day], [channel(), channel({ channel: "email", counts: false })], T0);
    expect([half.isSound, minutesIn(half.empty), minutesIn(half.uncounted)]).toEqual([false, 0, 7 * 720]);
    // 16:00 in China: only the letter would go, and it does not count.
    expect([half.now, half.tried]).toEqual([[], [day]]);
    // A letter wakes nobody, however well it was tested.
    const letters = reachOf([night, day], [channel(), channel({ channel: "email" })], T0);
    expect([letters.isSound, letters.rings, minutesIn(letters.empty), minutesIn(letters.uncounted)]).toEqual([false, true, 0, 7 * 720]);
    expect([letters.now, letters.tried]).toEqual([[], [day]]);
    expect(reachOf([day], [channel({ channel: "email" })], T0)).toMatchObject({ isSound: false, rings: false });
    const none = reachOf([night], [channel({ counts: false })], T0);
    expect([none.rings, minutesIn(none.empty), minutesIn(none.uncounted)]).toEqual([false, 7 * 720, 7 * 720]);
    expect(reachOf([], [], T0).empty).toEqual([{ from: 0, to: WEEK }]);
  });

  it("knows of which channels a provider has a number", () => {
    expect(["sms", "voice", "email", "webhook", "handset", "screen"].filter(hasProvider)).toEqual(["sms", "voice", "email", "webhook"]);
  });

  it("knows how a channel stands", () => {
    const failed = { at: new Date(T0).toISOString(), ok: false, took_ms: 5, detail: "", by: "supervisor" };
    expect(standingOf(channel({ set_up: false }), T0)).toBe("not_set_up");
    expect(standingOf(channel({ test: null, counts: false }), T0)).toBe("untested");
    expect(standingOf(channel({ test: failed, counts: false }), T0)).toBe("failed");
    expect(standingOf(channel({ counts: false }), T0 + 31 * 86_400_000)).toBe("old");
    expect(standingOf(channel(), T0)).toBe("counts");
  });

  it.each([
    ["gateway.example answered 500 and said: broken", "status", "500"],
    ["gateway.example answered 200 but refused it and said: no money", "refused", "200"],
    ["gateway.example refused it for good and said: 21", "for_good", ""],
    ["sms is not set up", "not_set_up", ""],
    ["gateway.example gave no whole answer within 15 s", "silent", ""],
    ["gateway.example could not be reached at 10.0.0.1:80: Connection refused", "unreachable", ""],
    ["the handset is not connected: it did not take the words", "away", ""],
    ["the handset has the words and gave no answer", "no_answer", ""],
    ["1 of 2 screens answered", "no_answer", ""],
    ["you have no screen up at this process", "no_screen", ""],
    ["who knows", "other", ""],
  ])("%s", (why, cause, status) => expect(causeOf(why)).toEqual({ cause, status }));
});
