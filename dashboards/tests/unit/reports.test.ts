import { describe, expect, it } from "vitest";
import type { Incident, LateAnswer, Notice, ReportGroup } from "../../src/api/types";
import { endedFor, inNoticeOrder, isScreen, isUnsettled, stagesOf, standingOf, sumOf, wordsOf } from "../../src/reach/notices";
import { fileAddress, quartersBack } from "../../src/reports/quarter";
import { hoursOf, inGroupOrder, inLateOrder, NORMS, queryOf, scaleTop, shareOf, waitingIn, waitOf } from "../../src/reports/report";
import { isDrillDue, isEnded } from "../../src/resident/drill";
import { at, incident, T0 } from "./make";

const none = { cases: 0, p50_s: null, p90_s: null, max_s: null };
const group = (change: Partial<ReportGroup> = {}): ReportGroup => ({
  group: "all", cases: 10, answered_within_15_s_pct: 40, answered_within_60_s_pct: 90, answered_within_180_s_pct: 100, unanswered: 0,
  answered: { cases: 10, p50_s: 12, p90_s: 58, max_s: 90 }, sent: none, acknowledged: none, arrived: none, closed: none, false_alarms: 1, false_alarm_pct: 10, ...change,
});

describe("a report", () => {
  it("asks for whole days up to this minute, and for the same as a table", () => {
    const query = queryOf("7", "hour", T0 + 12_345);
    expect(query).toEqual({ from: "2026-11-16T08:01:00.000Z", to: "2026-11-23T08:01:00.000Z", by: "hour" });
    expect(fileAddress("response", { ...query }, "csv")).toBe("/api/reports/response?from=2026-11-16T08%3A01%3A00.000Z&to=2026-11-23T08%3A01%3A00.000Z&by=hour&format=csv");
  });

  it("begins its quarters at midnight in China", () => {
    expect(quartersBack(Date.parse("2026-11-23T08:00:00Z"), 5)).toEqual(["2026Q4", "2026Q3", "2026Q2", "2026Q1", "2025Q4"]);
    expect(quartersBack(Date.parse("2025-12-31T15:59:59Z"), 1)).toEqual(["2025Q4"]);
    expect(quartersBack(Date.parse("2025-12-31T16:00:00Z"), 2)).toEqual(["2026Q1", "2025Q4"]);
    expect(fileAddress("quarter", { quarter: "2026Q4" }, "xlsx")).toBe("/api/reports/quarter?quarter=2026Q4&format=xlsx");
  });

  it("puts groups together by their cases, not by their number", () => {
    const [prompt] = NORMS;
    expect(shareOf([group({ answered_within_60_s_pct: 97.4 })], prompt)).toBe(97.4);
    expect(shareOf([group({ cases: 30, answered_within_60_s_pct: 100 }), group({ cases: 3, answered_within_60_s_pct: 33.3 })], prompt)).toBe(93.9);
    expect(shareOf([], prompt)).toBe(0);
  });

  it("orders hours by the day, others by how many, and nobody last", () => {
    const named = (names: string[]) => names.map((name, n) => group({ group: name, cases: n + 1 }));
    expect(inGroupOrder(named(["08", "00"]), "hour").map((each) => each.group)).toEqual(["00", "08"]);
    expect(inGroupOrder(named(["", "a", "b"]).map((each) => (each.group === "" ? { ...each, cases: 99 } : each)), "operator").map((each) => each.group)).toEqual(["b", "a", ""]);
    const hours = hoursOf([group({ group: "08" })]);
    expect([hours.length, hours[8]?.group?.cases, hours[9]?.group, waitOf(hours[9]?.group ?? null), waitOf(group())]).toEqual([24, 10, null, 0, 58]);
  });

  it("has a scale that holds the longest", () => {
    for (const [longest, top] of [[12, 30], [60, 60], [61, 120], [300, 300], [301, 600], [1_201, 1_800]] as const) expect(scaleTop(longest)).toBe(top);
  });

  it("keeps late answers that wait above those that were looked into", () => {
    const late = (id: string, began: number, isReviewed: boolean): LateAnswer => ({ incident_id: id, began: at(began), answered_s: 200, operator: "operator", reviewed: isReviewed ? { at: at(9_000), by: "supervisor", note: "n" } : null });
    const all = [late("a", 0, true), late("b", 10, false), late("c", 20, false), late("d", 30, true)];
    expect(inLateOrder(all).map(({ incident_id: id }) => id)).toEqual(["c", "b", "d", "a"]);
    expect(waitingIn(all)).toBe(2);
  });
});

const notice = (change: Partial<Notice>): Notice => ({ id: "n", recipient_kind: "roster", recipient: "李强", channel: "sms", address: "****0002", state: "sent", attempts: 1, due_at: at(0), sent_at: at(1), next_at: null, took_ms: 5, why: null, ...change });

describe("what became of notices", () => {
  it.each([
    ["the incident is over", { kind: "over" }],
    ["operator2 has the incident", { kind: "held", by: "operator2" }],
    ["the task is acknowledged", { kind: "task_settled" }],
    ["the station has said how it goes", { kind: "task_settled" }],
    ["this relative may know of it no more", { kind: "withheld" }],
    ["a newer word took its place", { kind: "replaced" }],
    ["it is too old to be heard", { kind: "too_old" }],
    ["127.0.0.1 refused it for good and said: 21", { kind: "given_up" }],
    [null, { kind: "given_up" }],
  ])("ended because %s", (why, end) => expect(endedFor({ why })).toEqual(end));

  it("says what went wrong first, and counts what nobody needed as neither", () => {
    const all = [notice({ id: "a" }), notice({ id: "b", state: "ended", why: "operator has the incident" }), notice({ id: "c", state: "ended", why: "refused" }), notice({ id: "d", state: "failed", next_at: at(9) }), notice({ id: "e", state: "waiting" })];
    expect(inNoticeOrder(all).map(({ id }) => id)).toEqual(["d", "e", "a", "b", "c"]);
    expect(sumOf(all)).toEqual({ all: 5, sent: 1, arrived: 0, answered: 0, failed: 2 });
    expect(sumOf([notice({ state: "ended", why: "the task is withdrawn" }), notice({ state: "ended", why: "this relative may know of it no more" })]).failed).toBe(0);
    expect(sumOf([notice({ channel: "handset", state: "ended", sent_at: null, why: "it is too old to be heard" })]).failed).toBe(1);
    expect(all.filter(isUnsettled).map(({ id }) => id)).toEqual(["d", "e"]);
    expect(isUnsettled(notice({ channel: "handset", state: "waiting" }))).toBe(false);
  });
});

describe("what a page answers of an incident", () => {
  const row = (change: Partial<Notice>) => notice({ channel: "websocket", recipient_kind: "desk", address: "", ...change });
  it("is told like a message, and that no screen was up is a failure that nothing mends", () => {
    const missed = row({ state: "failed", sent_at: null, why: "no_screen" });
    expect([isScreen(missed), isScreen(notice({})), standingOf(missed), isUnsettled(missed), sumOf([missed]).failed]).toEqual([true, false, "failed", false, 1]);
    expect(stagesOf(row({ state: "seen", delivered_at: at(2), seen_at: at(3) })).map(({ stage }) => stage)).toEqual(["sent", "delivered", "seen"]);
  });
});

describe("the words of a screen's row", () => {
  it.each([
    ["desk", "seen", "notices.screen"], ["desk", "acknowledged", "notices.screen"], ["station", "seen", "notices.screen"], ["relative", "delivered", "notices.screen"],
    ["station", "acknowledged", "notices"], ["relative", "acknowledged", "notices"],
  ])("of a %s that is %s are those of %s", (recipient_kind, stage, words) => {
    expect(wordsOf({ channel: "websocket", recipient_kind }, stage)).toBe(words);
    expect(wordsOf({ channel: "sms", recipient_kind }, stage)).toBe("notices");
  });
});

describe("what a provider reports of a notice", () => {
  const seen = notice({ id: "s", state: "seen", delivered_at: at(3), seen_at: at(20) });
  const delivered = notice({ id: "d", state: "delivered", delivered_at: at(3) });
  const lost = notice({ id: "l", state: "failed", why: "号码停机" });

  it("is told with its times", () => {
    expect(stagesOf(seen)).toEqual([{ stage: "sent", at: at(1) }, { stage: "delivered", at: at(3) }, { stage: "seen", at: at(20) }]);
    expect(stagesOf(notice({ state: "acknowledged", acknowledged_at: at(40) }))).toEqual([{ stage: "sent", at: at(1) }, { stage: "acknowledged", at: at(40) }]);
    expect(stagesOf(notice({ state: "waiting", sent_at: null }))).toEqual([]);
  });
  it("counts what arrived among what was sent, and stands below what went wrong", () => {
    const answered = notice({ id: "w", state: "acknowledged", acknowledged_at: at(40) });
    expect(sumOf([seen, delivered, lost, notice({}), answered])).toEqual({ all: 5, sent: 4, arrived: 3, answered: 1, failed: 1 });
    expect(inNoticeOrder([answered, seen, delivered, notice({}), lost]).map(({ id }) => id)).toEqual(["l", "n", "d", "s", "w"]);
  });
  it("tells what did not arrive from what was not sent, and whether it is sent again", () => {
    expect([lost, { ...lost, next_at: at(30) }, { ...lost, sent_at: null, next_at: at(9) }, delivered].map(standingOf)).toEqual(["undelivered", "undelivered_again", "failed", "delivered"]);
    expect([isUnsettled(lost), isUnsettled({ ...lost, next_at: at(30) })]).toEqual([false, true]);
  });
});

describe("buttons to be tried", () => {
  it("are due after thirty days, or if never", () => {
    expect([isDrillDue(null, T0), isDrillDue(at(0), T0 + 30 * 86_400_000), isDrillDue(at(0), T0 + 30 * 86_400_000 + 1)]).toEqual([true, false, true]);
  });
  it("have a window until the drill that it was opened for is closed", () => {
    const window = { handset: "demo-0001", from: at(10), to: at(910), by: "anna" };
    const closed = (change: Partial<Incident>) => [incident({ state: "closed", drill: true, opened_at: at(20), ...change })];
    expect([isEnded(window, []), isEnded(window, closed({}))]).toEqual([false, true]);
    expect([{ drill: false }, { handset: "demo-0002" }, { opened_at: at(5) }].map((change) => isEnded(window, closed(change)))).toEqual([false, false, false]);
  });
});
