import i18next from "i18next";
import { beforeAll, describe, expect, it, vi } from "vitest";
import { zh } from "../../console/i18n/zh";
import { logInAndRedeem, logOut } from "../../console/session/session";
import { redeem } from "../../src/api/account";
import type * as client from "../../src/api/client";
import { readSessions } from "../../src/api/manage";
import { readTrackSince } from "../../src/api/relative";

const { ask, end, kept } = vi.hoisted(() => {
  const kept = new Map<string, string>();
  vi.stubGlobal("window", { location: { assign: () => undefined }, WebSocket: {} });
  vi.stubGlobal("sessionStorage", { getItem: (key: string) => kept.get(key) ?? null, setItem: (key: string, value: string) => kept.set(key, value), removeItem: (key: string) => kept.delete(key) });
  return { ask: vi.fn(), end: vi.fn(), kept };
});
vi.mock("../../src/api/client", async (original) => ({ ...(await original<typeof client>()), api: { GET: ask, POST: ask, DELETE: end } }));

const refused = (status: number, code: string) => ({ error: { code, title: code, detail: code }, response: new Response(null, { status }) });

beforeAll(() => i18next.init({ lng: "zh", showSupportNotice: false, resources: { zh: { translation: zh } }, interpolation: { escapeValue: false } }));

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
  it.each([
    [refused(404, "invitation_void"), "邀请已失效。"],
    [{ error: { code: "unprocessable", title: "", detail: "this account is no relative's; log in with that of a relative" }, response: new Response(null, { status: 422 }) }, "没有成功：这个账号不是家属账号，请用家属账号登录。"],
  ])("is refused in the words of the page, and the session that was begun for it ends", async (refusal, words) => {
    end.mockReset().mockResolvedValue({ response: new Response(null, { status: 204 }) });
    ask.mockResolvedValueOnce({ data: { username: "wang", role: "operator" }, response: new Response(null, { status: 200 }) }).mockResolvedValueOnce(refusal);
    expect(await logInAndRedeem("code")("wang", "secret", null)).toEqual({ kind: "told", words });
    expect(end.mock.calls).toEqual([["/api/session"]]);
  });
  it("is not touched where nobody was let in", async () => {
    end.mockReset();
    ask.mockReset().mockResolvedValueOnce(refused(401, "bad_credentials"));
    expect(await logInAndRedeem("code")("wang", "wrong", null)).toEqual({ kind: "bad_credentials" });
    expect([ask.mock.calls.length, end.mock.calls.length]).toEqual([1, 0]);
  });
});

describe("who logs out", () => {
  it("leaves no shift behind for the next one", async () => {
    end.mockReset().mockResolvedValue({ response: new Response(null, { status: 204 }) });
    kept.set("jujiale.console.on_shift", "yes");
    await logOut();
    expect([...kept]).toEqual([]);
  });
});

describe("log-ins that run", () => {
  it.each([[null], ["2_s"]])("come with whether there are more: %s", async (next) => {
    ask.mockResolvedValueOnce({ data: { items: [], next }, response: new Response(null, { status: 200 }) });
    expect((await readSessions("*")).next).toBe(next);
  });
});
