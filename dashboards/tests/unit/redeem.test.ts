import { afterEach, describe, expect, it, vi } from "vitest";
import { readTrackSince } from "../../src/api/relative";
import { redeem } from "../../src/api/account";

const answers = (status: number, body: unknown) =>
  vi.stubGlobal("fetch", vi.fn(() => Promise.resolve(new Response(status === 204 ? null : JSON.stringify(body), { status, headers: { "content-type": "application/json" } }))));

afterEach(() => vi.unstubAllGlobals());

describe("what a consent does not cover", () => {
  it("is no track, and no failure", async () => {
    answers(403, { code: "forbidden", title: "Forbidden", detail: "the consent does not cover where the person was" });
    expect(await readTrackSince("r-1", "2026-11-23T00:00:00Z")).toBeNull();
    answers(500, { code: "internal", title: "Internal" });
    await expect(readTrackSince("r-1", "2026-11-23T00:00:00Z")).rejects.toThrow();
  });
});

describe("an invitation used with the account one has", () => {
  it("says what became of it", async () => {
    answers(204, null);
    expect((await redeem("code")).kind).toBe("done");
    answers(404, { code: "invitation_void", title: "Not Found", detail: "used" });
    expect(await redeem("code")).toMatchObject({ kind: "refused", status: 404, code: "invitation_void" });
  });
});
