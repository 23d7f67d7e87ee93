import { describe, expect, it } from "vitest";
import { shownAt } from "../../src/live/shown";
import { at, incident } from "./make";

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
