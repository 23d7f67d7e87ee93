/** A station's screen that nobody touches: covered on duty, left off duty, and neither where somebody else would lose by it. */
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { Session, Task } from "../../src/api/types";
import { LOCK_AFTER_MS, LOG_OUT_AFTER_MS } from "../../src/session/idle";
import { emptyBoard, withTasks } from "../../src/task/board";
import { task } from "./make";

const { ofWindow, ofBrowser, heard, ticks, logOut } = vi.hoisted(() => {
  const [ofWindow, ofBrowser] = [new Map<string, string>(), new Map<string, string>()];
  const storage = (map: Map<string, string>) => ({ getItem: (key: string) => map.get(key) ?? null, setItem: (key: string, value: string) => map.set(key, value), removeItem: (key: string) => map.delete(key) });
  const heard: Record<string, () => void> = {};
  vi.stubGlobal("window", { addEventListener: (kind: string, act: () => void) => { heard[kind] = act; } });
  vi.stubGlobal("sessionStorage", storage(ofWindow));
  vi.stubGlobal("localStorage", storage(ofBrowser));
  return { ofWindow, ofBrowser, heard, ticks: [] as (() => void)[], logOut: vi.fn() };
});
vi.mock("../../station/session/session", () => ({ logOut }));
vi.mock("../../src/time/useNow", () => ({ onTick: (tick: () => void) => ticks.push(tick), serverClock: { nowMs: () => 0 } }));

const visit: Task = { ...task(), incident_id: "i-1", severity: "life", drill: false, resident: { id: "r-1", name: "王秀英" }, position: null };
const me = { username: "zhao", role: "station", must_change_password: false, must_add_second_factor: false, locked: false } as Session;

interface Given {
  tasks?: Task[];
  sound?: "off" | "running";
  who?: Session;
}

/** Loads the page, in the window that is there. */
async function opened({ tasks = [], sound = "off", who = me }: Given) {
  vi.resetModules();
  ticks.length = 0;
  const { useStation } = await import("../../station/state/store");
  const { startIdleWatch } = await import("../../station/shift/idleWatch");
  startIdleWatch();
  const atOnce = useStation.getState().covered;
  useStation.setState({ session: { kind: "in", me: who }, board: withTasks(emptyBoard, tasks), sound });
  const { uncover } = await import("../../station/shift/cover");
  return { useStation, uncover, atOnce, isCovered: () => useStation.getState().covered };
}

function pass(ms: number): void {
  vi.setSystemTime(Date.now() + ms);
  for (const tick of ticks) tick();
}

describe("a station's screen that nobody touches", () => {
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ["Date"] });
    vi.setSystemTime(Date.parse("2026-03-01T08:00:00Z"));
    logOut.mockClear();
    ofWindow.clear();
    ofBrowser.clear();
  });
  afterEach(() => void vi.useRealTimers());

  it.each([
    ["that sounds", { sound: "running" }],
    ["with a visit to be made", { tasks: [visit] }],
  ] as [string, Given][])("%s is covered after ten minutes, and never left", async (_what, given) => {
    const { isCovered } = await opened(given);
    pass(LOCK_AFTER_MS - 1);
    expect(isCovered()).toBe(false);
    pass(1);
    expect(isCovered()).toBe(true);
    pass(LOG_OUT_AFTER_MS);
    expect(logOut).not.toHaveBeenCalled();
  });

  it("is covered later by each touch", async () => {
    const { isCovered } = await opened({ sound: "running" });
    pass(LOCK_AFTER_MS - 1);
    heard.pointerdown?.();
    pass(LOCK_AFTER_MS - 1);
    expect(isCovered()).toBe(false);
    pass(1);
    expect(isCovered()).toBe(true);
  });

  it("off duty is left after half an hour, and again if the server was not reached", async () => {
    const { isCovered } = await opened({});
    pass(LOG_OUT_AFTER_MS - 1);
    expect([isCovered(), logOut.mock.calls.length]).toEqual([false, 0]);
    pass(1);
    pass(1_000);
    expect(logOut).toHaveBeenCalledTimes(1);
    pass(10_000);
    expect(logOut).toHaveBeenCalledTimes(2);
  });

  it("is covered at once when it is loaded anew, and is on duty still", async () => {
    const first = await opened({ sound: "running" });
    pass(LOCK_AFTER_MS);
    expect([first.atOnce, first.isCovered()]).toEqual([false, true]);
    // Somebody picks it up and tries to look behind the cover.
    heard.pointerdown?.();
    heard.pagehide?.();
    const second = await opened({});
    expect(second.atOnce).toBe(true);
    pass(LOG_OUT_AFTER_MS);
    expect(logOut).not.toHaveBeenCalled();
  });

  it("is covered in time though the clock was set back", async () => {
    const { isCovered } = await opened({ sound: "running" });
    pass(LOCK_AFTER_MS - 1_000);
    pass(-3_600_000);
    pass(LOCK_AFTER_MS - 1);
    expect(isCovered()).toBe(false);
    pass(1);
    expect(isCovered()).toBe(true);
  });

  it("off duty is left in time though another window spoke before the clock was set back", async () => {
    await opened({});
    ofBrowser.set("jujiale.station.on_duty_at", `${Date.now()}`);
    pass(-3_600_000);
    pass(LOG_OUT_AFTER_MS);
    expect(logOut).toHaveBeenCalledTimes(1);
  });

  it("shows the visits to be made when the cover is taken away", async () => {
    const { useStation, uncover, isCovered } = await opened({ tasks: [visit] });
    useStation.setState({ tab: "ended" });
    pass(LOCK_AFTER_MS);
    expect(isCovered()).toBe(true);
    uncover();
    expect([isCovered(), useStation.getState().tab]).toEqual([false, "live"]);
  });

  it("keeps nothing for whoever logs in next", async () => {
    const { useStation, isCovered } = await opened({ sound: "running" });
    pass(LOCK_AFTER_MS);
    useStation.setState({ session: { kind: "nobody" } });
    expect([isCovered(), ofWindow.size]).toEqual([false, 0]);
  });

  it.each([
    ["while another window of this browser is on duty", {}, true],
    ["where it is another role's", { who: { ...me, role: "operator" } as Session }, false],
  ] as [string, Given, boolean][])("is not left %s", async (_what, given, isOnDutyElsewhere) => {
    await opened(given);
    vi.setSystemTime(Date.now() + LOG_OUT_AFTER_MS - 1_000);
    if (isOnDutyElsewhere) ofBrowser.set("jujiale.station.on_duty_at", `${Date.now()}`);
    pass(1_000);
    expect(logOut).not.toHaveBeenCalled();
  });
});
