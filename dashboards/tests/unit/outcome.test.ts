import { describe, expect, it } from "vitest";
import { PATTERNS, renderPattern } from "../../src/sound/audio";
import { incidentInHash } from "../../console/state/route";
import { outcomeOf } from "../../src/api/commands";
import { at, incident } from "./make";

const answer = (status: number, error?: unknown) => outcomeOf({ error, response: new Response(null, { status }) });

describe("how a command ended", () => {
  it("is done only with the incident in hand", () => {
    expect(outcomeOf({ data: incident(), response: new Response() }).kind).toBe("done");
  });
  it("names the holder of a lost race", () => {
    const holder = { username: "operator2", since: at(0) };
    expect(answer(409, { code: "version_conflict", holder, version: 4 })).toEqual({ kind: "conflict", holder, code: "version_conflict", version: 4 });
    expect(answer(409, undefined)).toEqual({ kind: "conflict", holder: null, code: "" });
  });
  it("knows what is not on disk, and passes the server's own words on", () => {
    expect(answer(503, { code: "not_on_disk" }).kind).toBe("unsaved");
    expect(answer(422, { code: "missing", title: "t", detail: "text must not be empty" })).toEqual({ kind: "refused", status: 422, code: "missing", detail: "text must not be empty" });
    expect(answer(500, "<html>").kind).toBe("refused");
  });
});

describe("the address of an incident", () => {
  it.each([["#/incidents/i-1", "i-1"], ["#/incidents/unsaved%3A9", "unsaved:9"], ["#/", null], ["", null], ["#/incidents/", null], ["#/incidents/%", null]])("%s", (hash, id) => {
    expect(incidentInHash(hash)).toBe(id);
  });
});

describe("the alarm's patterns", () => {
  it.each(Object.entries(PATTERNS))("%s is audible, does not clip and loops without a click", (_name, pattern) => {
    const samples = renderPattern(pattern, 48_000);
    const peak = samples.reduce((top, sample) => Math.max(top, Math.abs(sample)), 0);
    expect(peak).toBeGreaterThan(0.15);
    expect(peak).toBeLessThanOrEqual(1);
    expect(Math.abs(samples[0] ?? 1)).toBeLessThan(0.01);
    expect(Math.abs(samples.at(-1) ?? 1)).toBeLessThan(0.01);
  });
});
