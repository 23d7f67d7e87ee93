/** How somebody is watched, as the card and the closing say it: falls, the handset's link, companions, what is snoozed. */
import i18next from "i18next";
import { beforeAll, describe, expect, it } from "vitest";
import { zh } from "../../console/i18n/zh";
import type { FallReport, Signal } from "../../src/api/types";
import { withCompanion } from "../../src/fence/companions";
import { canSnooze, snoozableOf, snoozeWords } from "../../src/incident/snooze";
import { askedWords, cameLate, likelihoodOf, likelihoodWords } from "../../src/resident/falls";
import { batteryWords, linkWords } from "../../src/resident/link";
import type { Translate } from "../../src/time/format";
import { at, signal, T0 } from "./make";

const words = i18next.createInstance();
const t: Translate = (key, values) => words.t(key, { ...values });

beforeAll(() => words.init({ lng: "zh", showSupportNotice: false, resources: { zh: { translation: zh } }, interpolation: { escapeValue: false } }));

const fall = (change: Partial<FallReport> = {}): FallReport => ({
  id: "s-1", at: at(0), received_at: at(5), probability: 0.72, findings: ["冲击 3.1 g", "之后没有动"], reply: null, asked_at: at(6), incident: null, raised: false, ...change,
});

describe("a report of a fall", () => {
  it.each<[number | null, string]>([[1, "sure"], [0.9, "sure"], [0.89, "likely"], [0.6, "likely"], [0.31, "possible"], [0.29, "unlikely"], [0, "unlikely"], [null, "unjudged"]])("of %s is %s", (probability, likelihood) => {
    expect(likelihoodOf(probability)).toBe(likelihood);
  });

  it("says how likely it was one, and no figure where nothing was judged", () => {
    expect(likelihoodWords(fall(), t)).toBe("很可能是跌倒（72 %）");
    expect(likelihoodWords(fall({ probability: null }), t)).toBe("没有数据可以判断");
  });

  it.each<[Partial<FallReport>, string]>([
    [{}, "16:00:06 询问“您还好吗？”：还没有回答"],
    [{ reply: "well" }, "16:00:06 询问“您还好吗？”：老人回答自己没事"],
    [{ reply: "silence" }, "16:00:06 询问“您还好吗？”：没有回答"],
    [{ reply: "说在厨房" }, "16:00:06 询问“您还好吗？”：说在厨房"],
    [{ reply: "not_reached" }, "16:00:06 询问“您还好吗？”：询问无法送达终端"],
  ])("with %j: %s", (change, said) => expect(askedWords(fall(change), T0, t)).toBe(said));

  it("that came late is told of as late", () => {
    expect([cameLate(fall()), cameLate(fall({ received_at: at(61) }))]).toEqual([false, true]);
  });
});

describe("the link of a handset", () => {
  const late = { link: "late" as const, link_since: at(-720) };

  it("is nothing to tell of while it speaks, or where nobody supervises it", () => {
    for (const link of ["ok", "unknown"] as const) expect(linkWords({ link, link_since: at(-720) }, T0, t)).toBe("");
    expect(linkWords({ link: "unknown" }, T0, t)).toBe("");
  });

  it("has an age where it is late or offline", () => {
    expect(linkWords(late, T0, t)).toBe("终端迟迟没有消息，已 12分钟");
    expect(linkWords({ link: "offline", link_since: at(-11_100) }, T0, t)).toBe("终端离线，已 3小时5分");
    expect(linkWords({ link: "offline", link_since: null }, T0, t)).toBe("终端离线");
  });

  it("forecasts when the battery is empty", () => {
    const empty = "2026-11-23T13:40:00Z";
    expect(batteryWords({ battery_empty_at: empty }, T0, t)).toBe("电量预计 21:40 用完");
    expect(batteryWords({ battery_empty_at: empty }, T0 + 86_400_000, t)).toBe("电量预计 11-23 21:40 已用完");
    for (const battery_empty_at of [null, undefined, "soon"]) expect(batteryWords({ battery_empty_at }, T0, t)).toBe("");
  });
});

describe("companions", () => {
  it.each<[string[], string, string[] | string]>([
    [[], " demo-0002 ", ["demo-0002"]],
    [[], "ｄｅｍｏ-0002", ["demo-0002"]],
    [["demo-0002"], "demo-0002", "there"],
    [[], "demo-0001", "own"],
    [[], "王秀英", "id"],
    [[], "", "id"],
    [["a", "b", "c"], "d", ["a", "b", "c", "d"]],
    [["a", "b", "c", "d"], "e", "many"],
  ])("%j and %j", (before, typed, after) => expect(withCompanion(before, typed, "demo-0001")).toEqual(after));
});

describe("what is snoozed at a closing", () => {
  const told = (evidence: object | null) => signal({ evidence: evidence as Signal["evidence"] });
  const names: Record<string, string> = { "z-1": "北运河", "z-2": "铁路" };
  const nameOf = (zone: string) => names[zone];
  const wordsOf = (...evidence: (object | null)[]) => snoozeWords(snoozableOf({ signals: evidence.map(told) }), nameOf, t);

  it("is nothing where neither a fence nor a zone was told of", () => {
    expect([[null], [{ rule: "silence/offline" }], [{ fence: "f-1" }], [{ zone: "z-1" }]].map((evidence) => canSnooze(snoozableOf({ signals: evidence.map(told) })))).toEqual([false, false, true, true]);
  });

  it("names each zone once, by its id where its name is not known", () => {
    expect(wordsOf({ fence: "f-1" })).toBe("仍在外时的重复提醒");
    expect(wordsOf({ zone: "z-1" }, { zone: "z-1" }, { zone: "z-2" })).toBe("仍在「北运河」、「铁路」内时的重复提醒");
    expect(wordsOf({ zone: "z-9" }, { fence: "f-1" })).toBe("仍在外，或仍在「z-9」内时的重复提醒");
  });
});
