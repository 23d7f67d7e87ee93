import { describe, expect, it } from "vitest";
import { ageingOf, canBeClaimed, inQueueOrder, neighbour, waitingSeconds } from "../../src/incident/queue";
import { at, incident, signal, T0 } from "./make";

const later = (seconds: number) => T0 + seconds * 1000;

describe("the order of the queue", () => {
  it("is severity, then who has waited longest, then the id", () => {
    const queue = inQueueOrder([
      incident({ id: "t", severity: "technical", opened_at: at(-900) }),
      incident({ id: "n", severity: "notice", opened_at: at(-500) }),
      incident({ id: "life-new", opened_at: at(-5) }),
      incident({ id: "u", severity: "urgent", opened_at: at(-700) }),
      incident({ id: "life-old-b", opened_at: at(-50) }),
      incident({ id: "life-old-a", opened_at: at(-50) }),
    ]);
    expect(queue.map(({ id }) => id)).toEqual(["life-old-a", "life-old-b", "life-new", "u", "n", "t"]);
  });

  it("leaves closed incidents out", () => {
    expect(inQueueOrder([incident({ state: "closed" })])).toEqual([]);
  });
});

describe("ageing", () => {
  it.each([[0, "fresh"], [29, "fresh"], [30, "yellow"], [59, "yellow"], [60, "red"], [3600, "red"]])("after %i s unclaimed a row is %s", (seconds, ageing) => {
    expect(ageingOf(incident(), later(seconds))).toBe(ageing);
  });

  it("stops when somebody holds it", () => {
    const held = incident({ state: "claimed", holder: { username: "operator", since: at(5) } });
    expect(waitingSeconds(held, later(300))).toBeNull();
    expect(ageingOf(held, later(300))).toBe("fresh");
  });

  it("begins again with the press that waits for the holder", () => {
    const again = incident({ state: "claimed", answer_by: at(160), signals: [signal(), signal({ id: "s-2", received_at: at(100) })] });
    expect(waitingSeconds(again, later(140))).toBe(40);
    expect(ageingOf(again, later(140))).toBe("yellow");
  });

  it("takes an opening in the future for no wait at all", () => {
    expect(waitingSeconds(incident({ opened_at: at(90) }), T0)).toBe(0);
  });
});

describe("what can be claimed", () => {
  it.each([
    [incident(), true],
    [incident({ unsaved: true }), false],
    [incident({ state: "claimed" }), false],
    [incident({ state: "claimed", answer_by: at(60) }), false],
    [incident({ state: "claimed", attention: "everyone" }), true],
    [incident({ state: "closed" }), false],
  ])("case %#", (each, expected) => {
    expect(canBeClaimed(each)).toBe(expected);
  });
});

describe("the neighbour of the selected row", () => {
  const ids = ["a", "b", "c"];
  it.each([
    ["a", 1, "b"], ["c", 1, "c"], ["a", -1, "a"], ["c", -1, "b"], [null, 1, "a"], [null, -1, "c"], ["gone", 1, "a"],
  ] as const)("from %s by %i is %s", (from, step, to) => {
    expect(neighbour(ids, from, step)).toBe(to);
  });
  it("of nothing is nothing", () => expect(neighbour([], "a", 1)).toBeNull());
});
