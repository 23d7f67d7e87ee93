import { describe, expect, it } from "vitest";
import type { Task } from "../../src/api/types";
import { bodyOf, isDue, mayShare, notSharing, obstacleOf, sharedFor, type Sharing, stopped, troubleOfCode, withoutOver } from "../../src/task/sharing";
import { at, T0, task } from "./make";

const own = (change: Partial<Task> = {}): Task => ({ ...task({ state: "en_route", responder: "station" }), incident_id: "i-1", severity: "life", drill: false, resident: null, position: null, ...change });
const board = (...tasks: Task[]): Record<string, Task> => Object.fromEntries(tasks.map((each) => [each.id, each]));
const sharing = (change: Partial<Sharing> = {}): Sharing => ({ ...notSharing, tasks: ["t-1"], sentMs: T0, ...change });

describe("letting the desk see where one is", () => {
  it.each([
    ["offered", null, false], ["acknowledged", "station", true], ["en_route", "station", true], ["on_scene", "station", true], ["en_route", null, true],
    ["en_route", "station2", false], ["finished", "station", false], ["withdrawn", "station", false],
  ] as const)("with a task that is %s, taken by %s: %s", (state, responder, may) => expect(mayShare({ state, responder }, "station")).toBe(may));

  it("is for the tasks it was agreed to for, and no others", () => {
    const known = board(own(), own({ id: "t-2" }), own({ id: "t-3", responder: "station2" }));
    expect(sharedFor(sharing({ tasks: ["t-1", "t-3", "t-4"] }), known, "station")).toEqual(["t-1"]);
    expect(sharedFor(notSharing, known, "station")).toEqual([]);
  });

  it("ends with the last of its tasks, and then the server is owed to hear it", () => {
    const two = sharing({ tasks: ["t-1", "t-2"] });
    expect(withoutOver(two, board(own(), own({ id: "t-2" })))).toBe(two);
    expect(withoutOver(two, board(own()))).toEqual(sharing());
    expect(withoutOver(two, {})).toEqual({ ...notSharing, owed: true });
    expect(withoutOver(notSharing, {})).toBe(notSharing);
  });

  it("stops at once, and says why", () => {
    expect(stopped(sharing({ asking: true }), "denied")).toEqual({ tasks: [], asking: true, owed: true, trouble: "denied", sentMs: null });
  });

  it.each([[null, true], [T0 - 9_999, false], [T0 - 10_000, true]])("sent at %s is due: %s", (lastMs, due) => expect(isDue(lastMs, T0)).toBe(due));

  it("needs a page that nobody could have changed, and a browser that can tell", () => {
    const obstacle = (isSecure: boolean, hasGeolocation: boolean) => obstacleOf({ isSecure, hasGeolocation });
    expect([obstacle(true, true), obstacle(true, false), obstacle(false, false)]).toEqual([null, "unsupported", "insecure"]);
    expect([1, 2, 3].map(troubleOfCode)).toEqual(["denied", "unavailable", "timeout"]);
  });
});

describe("a position as it is sent", () => {
  const measured = (accuracy: number, timestamp: number) => ({ coords: { latitude: 33.97, longitude: 118.28, accuracy }, timestamp });

  it("is dated by the server's clock, however wrong the telephone's is", () => {
    const phoneMs = T0 - 3_600_000;
    expect(bodyOf(measured(12, phoneMs - 4_000), phoneMs, T0)).toEqual({ lat: 33.97, lon: 118.28, accuracy_m: 12, at: at(-4) });
    expect(bodyOf(measured(12, phoneMs + 50), phoneMs, T0)?.at).toBe(at(0));
  });
  it("is never more exact than a metre, and not sent if it says nothing", () => {
    expect([0, 50_000, 50_001, Number.NaN].map((accuracy) => bodyOf(measured(accuracy, T0), T0, T0)?.accuracy_m ?? null)).toEqual([1, 50_000, null, null]);
  });
});
