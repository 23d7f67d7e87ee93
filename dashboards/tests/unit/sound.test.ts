import { describe, expect, it } from "vitest";
import type { Incident } from "../../src/api/types";
import { decideSound, MUTE_MS, muteFor, sounds } from "../../src/incident/sound";
import { at, incident, signal } from "./make";

const operator = { username: "operator", role: "operator" } as const;
const supervisor = { username: "supervisor", role: "supervisor" } as const;
const admin = { username: "admin", role: "admin" } as const;
/** Of a server that does not know of it. */
const unsaid = (): Incident => JSON.parse(JSON.stringify({ ...incident(), calls_supervisors: undefined })) as Incident;
const held = (change = {}) => incident({ state: "claimed", holder: { username: "operator2", since: at(0) }, ...change });

describe("whether a desk sounds", () => {
  it.each([
    ["unclaimed, at an operator's", incident(), operator, true],
    ["unclaimed while an operator is on duty, at an operator's", incident({ calls_supervisors: false }), operator, true],
    ["unclaimed while an operator is on duty, at a supervisor's", incident({ calls_supervisors: false }), supervisor, false],
    ["unclaimed while no operator is on duty, at a supervisor's", incident({ calls_supervisors: true }), supervisor, true],
    ["unclaimed where the server does not say who is called, at a supervisor's", unsaid(), supervisor, true],
    ["unclaimed and everybody called, at a supervisor's", incident({ attention: "everyone" }), supervisor, true],
    ["a press waits for the supervisor who has it", held({ answer_by: at(60), holder: { username: "supervisor", since: at(0) } }), supervisor, true],
    ["unclaimed, at an administrator's", incident(), admin, false],
    ["unclaimed and everybody called, at an administrator's", incident({ attention: "everyone" }), admin, true],
    ["not on disk", incident({ unsaved: true, id: "unsaved:1" }), operator, true],
    ["a drill", incident({ drill: true }), operator, true],
    ["held by a colleague", held(), operator, false],
    ["a press waits for a colleague", held({ answer_by: at(60) }), operator, false],
    ["a press waits for me", held({ answer_by: at(60), holder: { username: "operator", since: at(0) } }), operator, true],
    ["a colleague left it unanswered", held({ answer_by: at(60), attention: "everyone" }), operator, true],
    ["closed", incident({ state: "closed" }), operator, false],
  ])("%s", (_name, each, desk, expected) => {
    expect(sounds(each, desk)).toBe(expected);
  });
});

describe("the pattern", () => {
  it("is that of the gravest", () => {
    const decision = decideSound([incident({ severity: "notice" }), incident({ id: "i-2", severity: "urgent" })], operator, null, 0);
    expect(decision.pattern).toBe("urgent");
    expect(decision.sounding.map(({ severity }) => severity)).toEqual(["urgent", "notice"]);
  });
  it("is silence when everything is claimed", () => {
    expect(decideSound([held()], operator, null, 0).pattern).toBeNull();
  });
});

describe("mute", () => {
  const muted = muteFor([incident()], 1_000);

  it("lasts a minute and no longer", () => {
    expect(decideSound([incident()], operator, muted, 1_000 + MUTE_MS - 1).pattern).toBeNull();
    expect(decideSound([incident()], operator, muted, 1_000 + MUTE_MS).pattern).toBe("life");
  });
  it("does not silence an incident that comes afterwards", () => {
    expect(decideSound([incident(), incident({ id: "i-2", severity: "notice" })], operator, muted, 2_000).pattern).toBe("notice");
  });
  it("does not silence another press of the same person, nor the call for everybody", () => {
    const again = incident({ signals: [signal(), signal({ id: "s-2" })] });
    expect(decideSound([again], operator, muted, 2_000).pattern).toBe("life");
    expect(decideSound([incident({ attention: "everyone" })], operator, muted, 2_000).pattern).toBe("life");
  });
  it("still says what asks to be heard", () => {
    expect(decideSound([incident()], operator, muted, 2_000).sounding).toHaveLength(1);
  });
});
