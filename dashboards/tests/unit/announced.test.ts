import { describe, expect, it } from "vitest";
import type { Incident } from "../../src/api/types";
import { callToOpen, type DeskAtWork, isAnnounced, isFree, RINGS_MS } from "../../src/incident/announced";
import { veiled } from "../../src/incident/veil";
import { at, incident, signal, T0 } from "./make";

const call = (id: string, change = {}) => signal({ id, kind: "call", caller: "0527-88556266", ...change });
const rings = (id: string, change: Partial<Incident> = {}) => incident({ id, signals: [call(`s-${id}`)], ...change });
const byId = (...all: Incident[]) => Object.fromEntries(all.map((each) => [each.id, each]));
const free: DeskAtWork = { me: { username: "operator", role: "operator", locked: false }, opened: null, closed: {}, isOccupied: false, isChoosing: false };
const opens = (desk: Partial<DeskAtWork>, incidents: Record<string, Incident>, before: Record<string, Incident> = {}, nowMs = T0 + 1_000) =>
  callToOpen({ ...free, ...desk }, incidents, before, nowMs)?.id ?? null;

describe("a call that an exchange announces", () => {
  it("is told from one that was entered by hand by its having no words", () => {
    expect([call("a"), call("b", { words: "楼上有人喊" }), call("c", { caller: undefined }), signal()].map(isAnnounced)).toEqual([true, false, false, false]);
  });
  it("opens at a free desk", () => expect(opens({}, byId(rings("i-1")))).toBe("i-1"));
  it("opens also where it joined what nobody has taken yet", () => {
    const pressed = incident();
    expect(opens({}, byId({ ...pressed, signals: [...pressed.signals, call("s-2")] }), byId(pressed))).toBe("i-1");
  });
  it.each<[string, Partial<DeskAtWork>, Record<string, Incident>, Record<string, Incident>?, number?]>([
    ["another incident is opened", { opened: "i-9" }, byId(rings("i-1"))],
    ["a dialog is open or something is typed", { isOccupied: true }, byId(rings("i-1"))],
    ["a row of the queue has the focus", { isChoosing: true }, byId(rings("i-1"))],
    ["another one waits in the queue", {}, byId(incident({ id: "i-2" }), rings("i-1")), byId(incident({ id: "i-2" }))],
    ["another one comes with it", {}, byId(rings("i-1"), incident({ id: "i-2" }))],
    ["an earlier call waits in the queue", {}, byId(rings("i-2"), rings("i-1")), byId(rings("i-2"))],
    ["another one is not on disk yet", {}, byId(rings("i-1"), incident({ id: "unsaved:1", unsaved: true }))],
    ["the operator holds another one", {}, byId(rings("i-1"), incident({ id: "i-2", state: "claimed", holder: { username: "operator", since: at(0) } }))],
    ["a colleague has it", {}, byId(rings("i-1", { state: "claimed", holder: { username: "operator2", since: at(0) } }))],
    ["the screen is locked", { me: { ...free.me, locked: true } }, byId(rings("i-1"))],
    ["it is veiled", {}, byId(veiled(rings("i-1")))],
    ["an administrator sits there", { me: { ...free.me, role: "admin" } }, byId(rings("i-1"))],
    ["it was known already", {}, byId(rings("i-1", { version: 2 })), byId(rings("i-1"))],
    ["it rang a while ago", {}, byId(rings("i-1")), {}, T0 + RINGS_MS],
    ["it was entered by hand", {}, byId(rings("i-1", { signals: [call("s-1", { words: "楼上有人喊" })] }))],
    ["it is a press", {}, byId(incident())],
  ])("does not open where %s", (_why, desk, incidents, before, nowMs) => expect(opens(desk, incidents, before, nowMs)).toBeNull());
  it("opens where the others are in good hands", () => {
    const held = incident({ id: "i-2", state: "claimed", holder: { username: "operator2", since: at(0) } });
    expect(opens({}, byId(held, rings("i-1")), byId(held))).toBe("i-1");
  });
  it("of two is the one that rang last", () => {
    expect(opens({}, byId(rings("i-1", { signals: [call("s-1", { received_at: at(0.5) })] }), rings("i-2")))).toBe("i-1");
  });
});

describe("a free desk", () => {
  const closed = (by: string) => ({ "i-9": incident({ id: "i-9", state: "closed", closed: { at: at(0), by, cause: "fall", outcome: "other", note: "" } }) });
  it("is also one whose operator has just closed what is on the screen, and not one that reads what others closed", () => {
    expect([closed("operator"), closed("operator2"), {}].map((each) => isFree({ ...free, opened: "i-9", closed: each }, {}))).toEqual([true, false, false]);
  });
});
