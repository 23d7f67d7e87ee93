import { describe, expect, it } from "vitest";
import { mayTakeOver } from "../../console/commands/rights";
import { receivedAfter, receivedIn, receivedNow } from "../../src/incident/received";
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
