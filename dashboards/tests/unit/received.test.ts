import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { act, takeOver } from "../../console/commands/act";
import { mayTakeOver } from "../../console/commands/rights";
import { keepReceived } from "../../console/shift/kept";
import { isShown, useDesk } from "../../console/state/deskStore";
import type { Session } from "../../src/api/types";
import { receivedAfter, receivedIn, receivedNow, withoutSeen } from "../../src/incident/received";
import { decideSound, muteFor, sounds } from "../../src/incident/sound";
import { at, incident } from "./make";

const held = (username: string | null, change = {}) => incident({ state: username === null ? "raised" : "claimed", holder: username === null ? null : { username, since: at(0) }, ...change });
const known = (username: string | null) => ({ "i-1": held(username) });
const mine = known("operator");
const unknown = () => false;

describe("an incident that a colleague gave to whoever sits here", () => {
  it("is one that somebody else had a moment ago", () => {
    expect([known("operator2"), known("operator"), known(null), {}].map((before) => receivedNow(Object.values(mine), before, "operator").length)).toEqual([1, 0, 0, 0]);
  });
  it("is marked with who gave it", () => {
    expect(receivedAfter({}, mine, known("operator2"), "operator", unknown)).toEqual({ "i-1": "operator2" });
  });
  it("is none that was taken, or that is on the screen", () => {
    expect(receivedAfter({}, mine, known("operator2"), "operator", (id) => id === "i-1")).toEqual({});
  });
  it("stays marked while it changes, and not once it has gone on or is closed", () => {
    const received = { "i-1": "operator2" };
    expect(receivedAfter(received, { "i-1": held("operator", { version: 9 }) }, mine, "operator", unknown)).toBe(received);
    expect(receivedAfter(received, known("supervisor"), mine, "operator", unknown)).toEqual({});
    expect(receivedAfter(received, known(null), mine, "operator", unknown)).toEqual({});
    expect(receivedAfter(received, {}, mine, "operator", unknown)).toEqual({});
    // Given once more it is news once more.
    expect(receivedAfter({}, mine, known("supervisor"), "operator", unknown)).toEqual({ "i-1": "supervisor" });
  });
  it("is kept over a reload, and nothing else is", () => {
    expect(receivedIn('{"i-1":"operator2","i-2":7}')).toEqual({ "i-1": "operator2" });
    expect([null, "", "[1]", "nonsense", "null"].map(receivedIn)).toEqual([{}, {}, {}, {}, {}]);
  });
});

describe("one that is seen", () => {
  const received = { "i-1": "operator2", "i-2": "operator2" };
  const session = (locked: boolean, username = "operator") => ({ kind: "in" as const, me: { username, role: "operator", locked } as Session });
  let kept: string | null = null;

  beforeEach(() => {
    vi.stubGlobal("sessionStorage", { getItem: () => kept, setItem: (_name: string, text: string) => { kept = text; } });
    useDesk.setState({ session: { kind: "asking" }, opened: "i-1", received: {} });
    kept = JSON.stringify(received);
  });
  afterEach(() => {
    vi.unstubAllGlobals();
    useDesk.setState({ session: { kind: "asking" }, opened: null, received: {}, news: null });
  });

  it("is no news, and of another one nothing changes", () => {
    expect(withoutSeen(received, "i-1")).toEqual({ "i-2": "operator2" });
    expect([withoutSeen(received, "i-9"), withoutSeen(received, null)].every((same) => same === received)).toBe(true);
  });

  it("was opened when a page is loaded again, once it is known whose it is", () => {
    keepReceived();
    expect(useDesk.getState().received).toEqual(received);
    useDesk.setState({ session: session(false) });
    expect(useDesk.getState().received).toEqual({ "i-2": "operator2" });
    expect(receivedIn(kept)).toEqual({ "i-2": "operator2" });
  });

  it("is not behind a lock, also where a locked page is loaded again, until it is unlocked", () => {
    keepReceived();
    useDesk.setState({ session: session(true) });
    expect([isShown(useDesk.getState()), useDesk.getState().received, receivedIn(kept)]).toEqual([false, received, received]);
    useDesk.setState({ session: session(false) });
    expect([useDesk.getState().received, receivedIn(kept)]).toEqual([{ "i-2": "operator2" }, { "i-2": "operator2" }]);
  });

  it("is one that this desk has acted on, and not one where the act was refused", async () => {
    useDesk.setState({ session: session(false), opened: null, received });
    await act(held("operator"), "note", async () => ({ kind: "unreached" }), null);
    expect(useDesk.getState().received).toEqual(received);
    await act(held("operator"), "note", async () => ({ kind: "done", incident: held("operator", { version: 2 }) }), null);
    expect(useDesk.getState().received).toEqual({ "i-2": "operator2" });
  });
});

describe("a take-over", () => {
  afterEach(() => {
    vi.unstubAllGlobals();
    useDesk.setState({ session: { kind: "asking" }, news: null });
  });

  it("is not sent where somebody else holds it by now than the one who was named", async () => {
    const send = vi.fn(async () => { throw new Error("nobody is there"); });
    vi.stubGlobal("fetch", send);
    useDesk.setState({ session: { kind: "in", me: { username: "supervisor", role: "supervisor", locked: false } as Session } });
    for (const now of [held("operator3"), held(null)]) {
      expect(await takeOver(now, "operator")).toBe(false);
      expect(useDesk.getState().news).toMatchObject({ incident: "i-1", tone: "bad" });
    }
    expect(send).not.toHaveBeenCalled();
  });
});

describe("its sound", () => {
  const received = { "i-1": "operator2" };
  const desk = { username: "operator", role: "operator", received } as const;
  const [given] = Object.values(mine);

  it.each([
    ["given to me", held("operator"), desk, true],
    ["given to me and resolved", held("operator", { state: "resolved" }), desk, true],
    ["opened by me", held("operator"), { ...desk, received: {} }, false],
    ["gone on to a colleague", held("operator2"), desk, false],
    ["closed", held("operator", { state: "closed" }), desk, false],
    ["another one", held("operator", { id: "i-2" }), desk, false],
  ])("%s", (_name, each, whose, expected) => expect(sounds(each, whose)).toBe(expected));

  it("has the pattern of the incident, and is not silenced by what was muted before it was given", () => {
    const muted = muteFor([incident()], 0);
    expect(decideSound([held("operator")], desk, muted, 1_000).pattern).toBe("life");
    expect(decideSound([held("operator")], desk, muteFor(given ? [given] : [], 0), 1_000).pattern).toBeNull();
  });
});

describe("who may take over", () => {
  const supervisor = { username: "supervisor", role: "supervisor" } as const;
  it.each([
    ["a supervisor, from a colleague", held("operator"), supervisor, true],
    ["an operator, from a colleague", held("operator"), { username: "operator2", role: "operator" } as const, false],
    ["a supervisor, what is theirs already", held("supervisor"), supervisor, false],
    ["a supervisor, what nobody has", held(null), supervisor, false],
    ["a supervisor, what is closed", held("operator", { state: "closed" }), supervisor, false],
    ["a supervisor, what anybody may claim", held("operator", { holder_lost: true }), supervisor, false],
    ["an administrator", held("operator"), { username: "admin", role: "admin" } as const, false],
    ["nobody", held("operator"), null, false],
  ])("%s", (_name, each, me, expected) => expect(mayTakeOver(each, me)).toBe(expected));
});
