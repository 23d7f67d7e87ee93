/** A page that is loaded anew after nobody has touched it for long, on duty and off. */
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { LOCK_AFTER_MS, LOG_OUT_AFTER_MS } from "../../src/session/idle";

const { kept, heard, ticks, coverAndLock, logOut } = vi.hoisted(() => {
  const kept = new Map<string, string>();
  const heard: Record<string, () => void> = {};
  vi.stubGlobal("window", { addEventListener: (kind: string, act: () => void) => { heard[kind] = act; } });
  vi.stubGlobal("sessionStorage", { getItem: (key: string) => kept.get(key) ?? null, setItem: (key: string, value: string) => kept.set(key, value), removeItem: (key: string) => kept.delete(key) });
  return { kept, heard, ticks: [] as (() => void)[], coverAndLock: vi.fn(), logOut: vi.fn() };
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

beforeEach(() => {
  vi.resetModules();
  vi.clearAllMocks();
  kept.clear();
  ticks.length = 0;
});

describe("a desk that is loaded anew", () => {
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

/** The page's own clock stands still meanwhile. */
describe("a desk whose machine slept", () => {
  beforeEach(() => void vi.useFakeTimers({ toFake: ["Date"] }));
  afterEach(() => void vi.useRealTimers());
  const slept = async (ms: number): Promise<void> => {
    expect(await loadedAnew(0, true)).toEqual([]);
    vi.setSystemTime(Date.now() + ms);
  };
  const tick = (): void => {
    for (const act of ticks) act();
  };

  it.each([
    ["at its next tick", tick],
    ["when it is seen", () => heard.visibilitychange?.()],
    ["though somebody touches it first", () => heard.keydown?.()],
  ])("is locked %s", async (_when, wake) => {
    await slept(LOCK_AFTER_MS + 1_000);
    wake();
    expect(coverAndLock).toHaveBeenCalledTimes(1);
  });

  it("is not for a clock that was set back, nor for a short nap", async () => {
    await slept(-LOG_OUT_AFTER_MS);
    tick();
    vi.setSystemTime(Date.now() + LOCK_AFTER_MS - 60_000);
    tick();
    expect(coverAndLock).not.toHaveBeenCalled();
  });
});
