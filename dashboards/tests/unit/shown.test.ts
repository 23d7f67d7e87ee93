import { describe, expect, it } from "vitest";
import type { Task } from "../../src/api/types";
import { dutyAgain, dutyAt, shownAt, shownTasks, shownToFamily } from "../../src/live/shown";
import { at, incident, task } from "./make";

const operator = { username: "operator", role: "operator" } as const;
const theirs = { username: "operator2", since: at(0) };

describe("what a page says that it shows", () => {
  it("is what sounds at this desk, and can be seen while the page is looked at", () => {
    const incidents = [incident(), incident({ id: "i-2", state: "claimed", holder: theirs }), incident({ id: "unsaved:1", unsaved: true }), incident({ id: "i-3", state: "closed" })];
    expect(shownAt(operator, incidents, "visible")).toEqual([{ type: "shown", incident: "i-1", visible: true }]);
  });
  it("is had, and seen by nobody, in a tab behind another", () => {
    expect(shownAt(operator, [incident()], "hidden")).toEqual([{ type: "shown", incident: "i-1", visible: false }]);
  });
  it("is nothing where nobody is known to sit", () => {
    expect(shownAt(null, [incident()], "visible")).toEqual([]);
  });
});

describe("whether a desk is on duty", () => {
  it.each([
    ["its shift runs and its sound does", 1, "running", false, true],
    ["its shift has not begun", null, "running", false, false],
    ["its sound is asleep", 1, "suspended", false, false],
    ["its sound stands still", 1, "stalled", false, false],
    ["it is locked", 1, "running", true, false],
  ])("%s", (_name, shiftSince, audio, locked, on) => {
    expect(dutyAt({ shiftSince, audio }, locked)).toEqual({ type: "duty", on });
  });
  it("is said again with each health frame while it is", () => {
    const on = { type: "duty", on: true } as const;
    expect([dutyAgain({ type: "health" }, on), dutyAgain({ type: "incident" }, on), dutyAgain({ type: "health" }, { ...on, on: false })]).toEqual([[on], [], []]);
  });
});

const visit = (change: Parameters<typeof task>[0] = {}): Task => ({ ...task(change), incident_id: "i-1", severity: "life", drill: false, resident: null, position: null });

describe("what a station's page says that it shows", () => {
  it("is each task that asks it to go, by its own name, and nothing of those it has answered", () => {
    const tasks = [visit(), visit({ id: "t-2" }), visit({ id: "t-3", state: "acknowledged" }), visit({ id: "t-4", state: "withdrawn" })];
    expect(shownTasks(tasks, true)).toEqual([{ type: "shown", incident: "i-1", task: "t-1", visible: true }, { type: "shown", incident: "i-1", task: "t-2", visible: true }]);
  });
  it("is had, and seen by nobody, behind the cover", () => {
    expect(shownTasks([visit()], false)).toEqual([{ type: "shown", incident: "i-1", task: "t-1", visible: false }]);
  });
});

describe("what the family's page says that it shows", () => {
  it("is what is open, whoever has it", () => {
    const incidents = [incident(), incident({ id: "i-2", state: "claimed", holder: theirs }), incident({ id: "unsaved:1", unsaved: true }), incident({ id: "i-3", state: "closed" })];
    expect(shownToFamily(incidents, true)).toEqual(["i-1", "i-2"].map((id) => ({ type: "shown", incident: id, visible: true })));
    expect(shownToFamily([incident()], false)).toEqual([{ type: "shown", incident: "i-1", visible: false }]);
  });
});
