import i18next, { type i18n } from "i18next";
import { beforeAll, describe, expect, it } from "vitest";
import { zh } from "../../console/i18n/zh";
import type { PlanItem } from "../../src/api/types";
import { awaited, awaitedWords, ordinalOf } from "../../src/incident/awaiting";
import { byLine, lineRange, problemsIn } from "../../src/incident/ladder";
import { isBusy, mergeable, separable } from "../../src/incident/matters";
import { dialogOf, mustSend, needsReason, nextStep, outcomesOf } from "../../src/incident/plan";
import { canBeClaimed, wantsAttention } from "../../src/incident/queue";
import { soundKey, sounds } from "../../src/incident/sound";
import { saidOnScene } from "../../src/incident/tasks";
import type { Translate } from "../../src/time/format";
import { at, incident, signal, T0, task } from "./make";

const speech: i18n = i18next.createInstance();
const t: Translate = (key, values) => speech.t(key, { ...values });
beforeAll(() => speech.init({ lng: "zh", showSupportNotice: false, resources: { zh: { translation: zh } }, interpolation: { escapeValue: false } }));

const holder = { username: "operator", since: at(0) };
const operator = { username: "operator", role: "operator" } as const;

describe("signals that wait for the holder", () => {
  const presses = [signal({ id: "a" }), signal({ id: "b", received_at: at(50) }), signal({ id: "c", received_at: at(60) }), signal({ id: "d", cancel: true, received_at: at(70) })];
  const held = incident({ state: "claimed", holder, signals: presses, awaiting: ["b", "c", "d"] });

  it("are told newest first, each with its number and age", () => {
    expect(awaited(held).map(({ id }) => id)).toEqual(["d", "c", "b"]);
    expect(awaited(held).map((each) => awaitedWords(each, held, T0 + 100_000, t))).toEqual(["求助后又取消，30秒前，仍须核实", "第3次求助，40秒前", "第2次求助，50秒前"]);
  });
  it("are counted among their kind, cancels apart", () => {
    const mixed = incident({ signals: [signal({ id: "a" }), signal({ id: "f", kind: "fall" }), signal({ id: "b" })] });
    expect(mixed.signals.map((each) => ordinalOf(each, mixed))).toEqual([1, 1, 2]);
  });
});

const plan = (ring: Partial<PlanItem>, send: PlanItem["state"], contacts: PlanItem["state"] = "pending"): PlanItem[] => [
  { step: "ring_resident", state: "done", ...ring }, { step: "ring_contacts", state: contacts }, { step: "send_station", state: send }, { step: "hand_over", state: "pending" },
];

describe("the action plan", () => {
  it.each([
    ["nobody answers and nobody was sent", plan({ outcome: "no_answer" }, "current", "current"), true, "send_station"],
    ["nobody answers, somebody was sent", plan({ outcome: "no_answer" }, "done", "current"), false, "ring_contacts"],
    ["she answers", plan({ outcome: "answered" }, "pending", "current"), false, "ring_contacts"],
    ["nothing was done", plan({ state: "current" }, "pending"), false, "ring_resident"],
    ["nothing is left", plan({}, "done", "done").map((item) => ({ ...item, state: "done" as const })), false, null],
    ["there is none", [], false, null],
  ] as const)("%s", (_name, items, must, next) => {
    expect([mustSend({ plan: [...items] }), nextStep({ plan: [...items] })]).toEqual([must, next]);
  });
  it("is done by a dialog where it is more than a call, and left out only with a reason", () => {
    expect([dialogOf("send_station"), dialogOf("hand_over"), dialogOf("ring_resident"), dialogOf("locate")]).toEqual(["dispatch", "handover", null, null]);
    expect(outcomesOf("ring_resident")).toEqual(["answered", "no_answer", "not_needed"]);
    expect(outcomesOf("ring_resident").filter(needsReason)).toEqual(["not_needed"]);
  });
});

describe("two incidents that are one matter", () => {
  const into = incident({ id: "into", state: "claimed", holder });
  it.each([
    ["of the same person", incident({ id: "x" }), true], ["of nobody known", incident({ id: "x", resident: null }), true], ["of another", incident({ id: "x", resident: { id: "r-2", name: "李" } }), false],
    ["a drill", incident({ id: "x", drill: true }), false], ["closed", incident({ id: "x", state: "closed" }), false], ["not on disk", incident({ id: "x", unsaved: true }), false], ["itself", into, false],
  ] as const)("%s", (_name, from, may) => expect(mergeable(into, [from]).length).toBe(may ? 1 : 0));

  it("stand with the surest first", () => {
    const others = [incident({ id: "old", resident: null, opened_at: at(1) }), incident({ id: "new", resident: null, opened_at: at(9) }), incident({ id: "same" })];
    expect(mergeable(into, others).map(({ id }) => id)).toEqual(["same", "new", "old"]);
  });
  it("wait for a station under way, and leave the opening signal where it is", () => {
    expect([isBusy(incident({ tasks: [task()] })), isBusy(incident({ tasks: [task({ state: "finished" })] }))]).toEqual([true, false]);
    expect(separable(incident({ signals: [signal({ id: "a" }), signal({ id: "b" })] })).map(({ id }) => id)).toEqual(["b"]);
  });
});

describe("a holder who is lost", () => {
  const lost = incident({ state: "claimed", holder: { username: "operator2", since: at(0) }, holder_lost: true });
  it("holds nobody up: every desk sounds, and anybody may take it", () => {
    expect([canBeClaimed(lost), wantsAttention(lost), sounds(lost, operator)]).toEqual([true, true, true]);
    expect(soundKey(lost)).not.toBe(soundKey({ ...lost, holder_lost: false }));
    expect(canBeClaimed({ ...lost, state: "closed" })).toBe(false);
  });
});

describe("what is said at the door", () => {
  const said = (change: object) => incident({ state: "on_scene", holder, sounding: true, tasks: [task({ state: "on_scene", said: "need_ambulance", version: 7, ...change })] });
  it("sounds at the holder's desk, and anew for each word", () => {
    expect(sounds(said({}), operator)).toBe(true);
    expect(new Set([said({}), said({ said: "need_help" }), said({ version: 8 })].map(soundKey)).size).toBe(3);
    expect(saidOnScene(said({ state: "finished" }))).toEqual([]);
  });
  it("is no call where somebody is only still at it", () => {
    const well = said({ said: "still_at_it" });
    expect(saidOnScene(well)).toEqual([]);
    expect(soundKey(well)).toBe(soundKey(said({ said: "still_at_it", version: 9 })));
  });
});

describe("what is wrong with a ladder", () => {
  it("is told line by line", () => {
    expect(problemsIn("line 5: must be 5 to 60; line 7: calls nobody; in the end; line 7: no telephone")).toEqual([
      { line: 5, what: "must be 5 to 60" }, { line: 7, what: "calls nobody; in the end" }, { line: 7, what: "no telephone" },
    ]);
    expect(problemsIn("the text is limited to 32768 bytes")).toEqual([{ line: 0, what: "the text is limited to 32768 bytes" }]);
    expect([...byLine(problemsIn("line 7: a; line 7: b"))]).toEqual([[7, "a; b"]]);
  });
  it.each([[1, [0, 3]], [2, [4, 4]], [3, [5, 7]], [9, [8, 8]]] as const)("line %i is found in the text", (line, range) => {
    expect(lineRange("abc\n\nde", line)).toEqual(range);
  });
});
