import { describe, expect, it, vi } from "vitest";
import { redeem } from "../../src/api/account";
import type * as client from "../../src/api/client";
import { readTrackSince } from "../../src/api/relative";

const { ask } = vi.hoisted(() => ({ ask: vi.fn() }));
vi.mock("../../src/api/client", async (original) => ({ ...(await original<typeof client>()), api: { GET: ask, POST: ask } }));

const refused = (status: number, code: string) => ({ error: { code, title: code, detail: code }, response: new Response(null, { status }) });

describe("what a consent does not cover", () => {
  it("is no track, and no failure", async () => {
    ask.mockResolvedValueOnce(refused(403, "forbidden"));
    expect(await readTrackSince("r-1", "2026-11-23T00:00:00Z")).toBeNull();
    ask.mockResolvedValueOnce(refused(500, "internal"));
    await expect(readTrackSince("r-1", "2026-11-23T00:00:00Z")).rejects.toThrow();
  });
});

describe("an invitation used with the account one has", () => {
  it("says what became of it", async () => {
    ask.mockResolvedValueOnce({ response: new Response(null, { status: 204 }) });
    expect((await redeem("code")).kind).toBe("done");
    ask.mockResolvedValueOnce(refused(404, "invitation_void"));
    expect(await redeem("code")).toMatchObject({ kind: "refused", status: 404, code: "invitation_void" });
  });
});
