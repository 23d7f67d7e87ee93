import { describe, expect, it } from "vitest";
import { browserOf } from "../../src/account/agent";
import { codeDigits } from "../../src/account/code";
import { passwordFault } from "../../src/account/password";
import { answered } from "../../src/api/account";

describe("a new password", () => {
  it.each([
    ["limin", "kort", "kort", "short"],
    ["limin", "居家樂的夜班", "居家樂的夜班", "short"],
    ["limin", "aaaaaaaaaaaaaaaa", "aaaaaaaaaaaaaaaa", "few_signs"],
    ["limin", "my name is LiMin", "my name is LiMin", "has_name"],
    ["limin", "correct horse battery", "correct horse batterie", "differs"],
    ["limin", "correct horse battery", "correct horse battery", null],
    ["", "correct horse battery", "correct horse battery", null],
    ["limin", "居家樂的夜班從八點開始嗎", "居家樂的夜班從八點開始嗎", null],
  ])("%s, %s, %s: %s", (username, password, again, fault) => {
    expect(passwordFault(username, password, again)).toBe(fault);
  });

  it("is counted in signs, not in halves of them", () => {
    expect(passwordFault("limin", "😀😁😂😃😄😅", "😀😁😂😃😄😅")).toBe("short");
  });
});

describe("a code", () => {
  it.each([["123456", "123456"], ["123 456", "123456"], ["１２３４５６", "123456"], [" 1-2 ", "12"], ["", ""]])("%s is %s", (typed, digits) => {
    expect(codeDigits(typed)).toBe(digits);
  });
});

describe("a browser", () => {
  it.each([
    ["Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36", "Chrome · Windows"],
    ["Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36 Edg/140.0", "Edge · Windows"],
    ["Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0", "Firefox · Linux"],
    ["Mozilla/5.0 (Linux; Android 14; V2304A) AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0 Chrome/116.0 Mobile Safari/537.36 XWEB/1160 MMWEBSDK/2023 MicroMessenger/8.0.49", "微信 WeChat · Android"],
    ["Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148 MicroMessenger/8.0.50", "微信 WeChat · iOS"],
    ["Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 Safari/605.1.15", "Safari · macOS"],
    ["curl/8.5.0", "curl/8.5.0"],
    ["  ", null],
  ])("%s", (agent, words) => {
    expect(browserOf(agent)).toBe(words);
  });
});

describe("what the server said", () => {
  const response = (status: number) => new Response(null, { status });

  it("is done, with what was asked for", async () => {
    expect(await answered(Promise.resolve({ data: { secret: "ABC" }, response: response(200) }))).toEqual({ kind: "done", value: { secret: "ABC" } });
    expect(await answered(Promise.resolve({ response: response(204) }))).toEqual({ kind: "done", value: undefined });
  });
  it("is no, and why", async () => {
    const error = { code: "throttled", detail: "wait", retry_after_s: 7 };
    expect(await answered(Promise.resolve({ error, response: response(429) }))).toEqual({ kind: "refused", status: 429, ...error });
    expect(await answered(Promise.resolve({ error: "<html>", response: response(502) }))).toEqual({
      kind: "refused", status: 502, code: "", detail: "", retry_after_s: null,
    });
  });
  it("is nothing", async () => {
    expect(await answered(Promise.reject(new TypeError("failed to fetch")))).toEqual({ kind: "unreached" });
  });
});
