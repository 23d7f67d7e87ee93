import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { Task } from "../../src/api/types";
import { emptyBoard } from "../../src/task/board";
import { door, enterBy } from "../../station/door";
import { hear, isWanted, toBeHeard } from "../../station/shift/bell";
import { keepTasks, useStation } from "../../station/state/store";
import { doorOf } from "../../task/link";
import { task } from "./make";

const own = (change: Partial<Task> = {}): Task => ({ ...task({ version: 5 }), incident_id: "i-1", severity: "life", drill: false, resident: null, position: null, ...change });
const ofAccount = door();
const told = (change: Partial<Task>): void => {
  const { board } = useStation.getState();
  keepTasks([own(change)]);
  hear(useStation.getState().board, board);
};

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["performance"] });
  // Node 20 has none.
  vi.stubGlobal("navigator", {});
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
  enterBy(ofAccount);
  useStation.setState({ board: emptyBoard, session: { kind: "asking" } });
});

describe("the bell", () => {
  it("is silent at a station's page as long as nobody is logged in", () => {
    keepTasks([own({ state: "offered" })]);
    expect([toBeHeard(), isWanted()]).toEqual([null, false]);
  });

  it("rings on the page that a link opens, where nobody logs in", () => {
    enterBy(doorOf("0123456789abcdef0123456789abcdef"));
    expect([toBeHeard(), isWanted()]).toEqual([null, true]);
    keepTasks([own({ state: "offered" })]);
    expect(toBeHeard()).toBe("life");
    keepTasks([own({ state: "on_scene", version: 6 })]);
    expect(toBeHeard()).toBeNull();
    told({ state: "on_scene", version: 7, overdue: 1 });
    expect(toBeHeard()).toBe("life");
    told({ state: "on_scene", version: 8, said: "need_ambulance" });
    expect(toBeHeard()).toBeNull();
    told({ state: "on_scene", version: 9, overdue: 1 });
    expect(toBeHeard()).toBe("life");
    told({ state: "on_scene", version: 10, said: "still_at_it" });
    expect(toBeHeard()).toBeNull();
  });

  it("sounds for a moment each time a word was due and did not come, and not on", () => {
    enterBy(doorOf("0123456789abcdef0123456789abcdef"));
    for (const overdue of [1, 2]) {
      told({ state: "on_scene", version: 6 + overdue, overdue });
      expect(toBeHeard()).toBe("life");
      vi.advanceTimersByTime(2_900);
      expect(toBeHeard()).toBe("life");
      vi.advanceTimersByTime(200);
      expect(toBeHeard()).toBeNull();
      told({ state: "on_scene", version: 6 + overdue, overdue });
      expect(toBeHeard()).toBeNull();
    }
  });
});
