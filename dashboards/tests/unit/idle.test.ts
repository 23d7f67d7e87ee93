/** A page that is loaded anew after nobody has touched it for long, on duty and off. */
import { beforeEach, describe, expect, it, vi } from "vitest";
import { LOCK_AFTER_MS, LOG_OUT_AFTER_MS } from "../../src/session/idle";

const { kept, ticks, coverAndLock, logOut } = vi.hoisted(() => {
  const kept = new Map<string, string>();
  vi.stubGlobal("window", { addEventListener: () => undefined });
  vi.stubGlobal("sessionStorage", { getItem: (key: string) => kept.get(key) ?? null, setItem: (key: string, value: string) => kept.set(key, value), removeItem: (key: string) => kept.delete(key) });
  return { kept, ticks: [] as (() => void)[], coverAndLock: vi.fn(), logOut: vi.fn() };
});
vi.mock("../../console/lock/lock", () => ({ coverAndLock, owesLock: () => false }));
vi.mock("../../console/session/session", () => ({ logOut }));
vi.mock("../../src/time/useNow", () => ({ onTick: (tick: () => void) => ticks.push(tick), serverClock: { nowMs: () => 0 } }));

async function loadedAnew(idleMs: number, isOnShift: boolean): Promise<string[]> {
  kept.set("jujiale.console.touched", `${Date.now() - idleMs}`);
  if (isOnShift) kept.set("jujiale.console.on_shift", "yes");
  const { useDesk } = await import("../../console/state/deskStore");
  const { startIdleWatch } = await import("../../console/lock/idleWatch");
  useDesk.setState({ session: { kind: "in", me: { username: "li", role: "operator", locked: false } as never } });
  startIdleWatch();
  for (const tick of ticks) tick();
  return [...coverAndLock.mock.calls.map(() => "lock"), ...logOut.mock.calls.map(() => "log_out")];
}

describe("a desk that is loaded anew", () => {
  beforeEach(() => {
    vi.resetModules();
    vi.clearAllMocks();
    kept.clear();
    ticks.length = 0;
  });
  it.each([
    ["on duty", LOG_OUT_AFTER_MS + 1_000, true, ["lock"]],
    ["on duty", LOCK_AFTER_MS + 1_000, true, ["lock"]],
    ["on duty", LOCK_AFTER_MS - 60_000, true, []],
    ["off duty", LOCK_AFTER_MS + 1_000, false, []],
    ["off duty", LOG_OUT_AFTER_MS + 1_000, false, ["log_out"]],
  ])("%s, untouched for %i ms", async (_what, idleMs, isOnShift, acts) => {
    expect(await loadedAnew(idleMs, isOnShift)).toEqual(acts);
  });
});
