import { describe, expect, it, vi } from "vitest";
import type * as client from "../../src/api/client";
import { claim } from "../../src/api/commands";
import { at, incident } from "./make";

const { ask } = vi.hoisted(() => {
  vi.stubGlobal("window", { location: { assign: () => undefined }, WebSocket: {} });
  return { ask: vi.fn() };
});
vi.mock("../../src/api/client", async (original) => ({ ...(await original<typeof client>()), api: { POST: ask } }));

const conflict = (code: string, version: number, holder: unknown = null) => ({ error: { code, holder, version }, response: new Response(null, { status: 409 }) });
const versions = () => ask.mock.calls.map((call) => (call[1] as { body: { expected_version: number } }).body.expected_version);

describe("taking an incident", () => {
  it("takes it as it is by now, if it has only moved", async () => {
    ask.mockReset();
    ask.mockResolvedValueOnce(conflict("version_conflict", 9)).mockResolvedValueOnce({ data: incident(), response: new Response() });
    expect((await claim(incident({ version: 7 }), "k")).kind).toBe("done");
    expect(versions()).toEqual([7, 9]);
  });
  it("leaves it to whoever was faster, and asks no third time", async () => {
    const holder = { username: "operator2", since: at(0) };
    for (const answers of [[conflict("version_conflict", 9, holder)], [conflict("already_claimed", 9, holder)], [conflict("version_conflict", 9), conflict("version_conflict", 10)]]) {
      ask.mockReset();
      for (const answer of answers) ask.mockResolvedValueOnce(answer);
      expect((await claim(incident({ version: 7 }), "k")).kind).toBe("conflict");
      expect(ask).toHaveBeenCalledTimes(answers.length);
    }
  });
});
