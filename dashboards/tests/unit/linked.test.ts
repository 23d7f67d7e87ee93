import { afterEach, describe, expect, it } from "vitest";
import type { Task } from "../../src/api/types";
import { emptyBoard } from "../../src/task/board";
import { door, enterBy } from "../../station/door";
import { isWanted, toBeHeard } from "../../station/shift/bell";
import { keepTasks, useStation } from "../../station/state/store";
import { doorOf } from "../../task/link";
import { task } from "./make";

const own = (change: Partial<Task> = {}): Task => ({ ...task({ version: 5 }), incident_id: "i-1", severity: "life", drill: false, resident: null, position: null, ...change });
const ofAccount = door();

afterEach(() => {
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
    keepTasks([own({ state: "on_scene", version: 7, overdue: 1 })]);
    expect(toBeHeard()).toBe("life");
    keepTasks([own({ state: "on_scene", version: 8, said: "need_ambulance" })]);
    expect(toBeHeard()).toBeNull();
  });
});
