import { describe, expect, it } from "vitest";
import { incidentInHash, invitationInHash } from "../../console/state/route";
import { emptyLive, type LiveState, withFrame, withVeil } from "../../console/state/liveStore";
import type { Health, LiveFrame } from "../../src/api/types";
import { isVeiled, veiled } from "../../src/incident/veil";
import { whoWords } from "../../src/incident/words";
import { idleAct, idleBefore, LOCK_AFTER_MS, LOG_OUT_AFTER_MS } from "../../src/session/idle";
import { at, incident, responder, signal } from "./make";

const health: Health = { status: "ok", now: at(0), problems: [] };
const snapshot = (...incidents: ReturnType<typeof incident>[]): LiveFrame => ({ type: "snapshot", cursor: "c", incidents, tasks: [], positions: [], responders: [], health });
const after = (state: LiveState, change: Partial<LiveState>): LiveState => ({ ...state, ...change });
const told = (state: LiveState, ...incidents: ReturnType<typeof incident>[]) => after(state, withFrame(state, snapshot(...incidents))).incidents["i-1"];

describe("a desk that nobody touches", () => {
  it.each([
    [true, false, LOCK_AFTER_MS - 1, null],
    [true, false, LOCK_AFTER_MS, "lock"],
    [true, true, LOG_OUT_AFTER_MS * 10, null],
    [false, false, LOCK_AFTER_MS, null],
    [false, false, LOG_OUT_AFTER_MS - 1, null],
    [false, false, LOG_OUT_AFTER_MS, "log_out"],
    [false, true, LOG_OUT_AFTER_MS, "log_out"],
  ])("on duty %s, locked %s, for %i ms: %s", (onDuty, isLocked, idleMs, act) => {
    expect(idleAct({ onDuty, isLocked, idleMs })).toBe(act);
  });
  it.each([
    [true, 0, "lock"],
    [true, LOG_OUT_AFTER_MS, "lock"],
    [false, 0, "lock"],
    [false, LOG_OUT_AFTER_MS, "log_out"],
  ])("is covered before the server has heard: on duty %s, for %i ms: %s", (onDuty, idleMs, act) => {
    expect(idleAct({ onDuty, isLocked: true, owesLock: true, idleMs })).toBe(act);
  });
  it.each([
    [null, 0],
    ["", 0],
    ["what", 0],
    ["400000", 600_000],
    ["1000000", 0],
    ["2000000", 0],
  ])("is loaded anew with %s kept: idle for %i ms", (keptAt, idleMs) => {
    expect(idleBefore(keptAt, 1_000_000)).toBe(idleMs);
  });
});

describe("a veil", () => {
  const position = { lat: 33.9, lon: 118.2, accuracy_m: 18, method: "gps", fix_time: at(0) } as NonNullable<ReturnType<typeof incident>["position"]>;
  const call = incident({ resident: null, handset: null, signals: [signal({ kind: "call", press_id: undefined, words: "喊救命", caller: "邻居" })] });

  it("takes away who, where and what was said, and leaves what counts and sounds", () => {
    const open = incident({ position, signals: [signal({ words: "救命", caller: "邻居" })] });
    const hidden = veiled(open);
    const text = JSON.stringify(hidden);
    for (const word of ["王秀英", "demo-0001", "118.2", "救命", "邻居", "p-1"]) expect(text).not.toContain(word);
    expect(hidden).toMatchObject({ id: open.id, version: open.version, severity: open.severity, state: open.state, attention: open.attention });
    expect(hidden.signals).toHaveLength(1);
  });
  it("is told from an incident about nobody known", () => {
    expect([incident(), call, incident({ resident: null }), incident({ resident: null, handset: null })].map(isVeiled)).toEqual([false, false, false, false]);
    expect([incident(), call].map(veiled).map(isVeiled)).toEqual([true, true]);
    expect([call, veiled(call)].map((each) => whoWords(each, (key) => key))).toEqual(["who.unknown", "lock.veiled"]);
  });
});

describe("what a desk knows around a lock", () => {
  const known = (each: ReturnType<typeof incident>) => after(emptyLive, withFrame(emptyLive, snapshot(each)));

  it("loses names, places and what was closed", () => {
    const open = after(known(incident()), { closed: { old: incident({ id: "old", state: "closed" }) }, positions: { "demo-0001": { handset: "demo-0001" } as LiveState["positions"][string] }, responders: { "t-1": responder() } });
    const locked = after(open, withVeil(open));
    expect([locked.closed, locked.positions, locked.responders, Object.values(locked.incidents).map(isVeiled)]).toEqual([{}, {}, {}, [true]]);
  });
  it("takes the newer of two snapshots at one version, veiled or not", () => {
    expect(told(known(incident()), veiled(incident()))?.resident).toBeNull();
    expect(told(known(veiled(incident())), incident())?.resident?.name).toBe("王秀英");
  });
  it("prefers who it is about to a later version that does not say so", () => {
    expect(told(known(veiled(incident({ version: 3 }))), incident({ version: 2 }))?.resident?.name).toBe("王秀英");
    expect(told(known(incident({ version: 3 })), incident({ version: 2 }))?.version).toBe(3);
  });
});

describe("the address", () => {
  it.each([
    ["#/incidents/i%2D1", "i-1", null],
    ["#/join/AB12-x_", null, "AB12-x_"],
    ["#/join/", null, null],
    ["#/join/%E0%A4%A", null, null],
    ["#/", null, null],
  ])("%s opens the incident %s, the invitation %s", (hash, opened, joining) => {
    expect([incidentInHash(hash), invitationInHash(hash)]).toEqual([opened, joining]);
  });
});
