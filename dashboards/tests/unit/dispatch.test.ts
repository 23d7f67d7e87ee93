import { describe, expect, it } from "vitest";
import { mayDirect } from "../../console/commands/rights";
import { emptyLive, type LiveState, withIncident, withTask } from "../../console/state/liveStore";
import type { IncidentEvent, IncidentTask } from "../../src/api/types";
import { isOfTheOrder, onlineState, preselected, reasonsAgainst, toBeRung } from "../../src/incident/candidates";
import { distanceWords } from "../../src/geo/words";
import { steps, timesOf } from "../../src/task/stages";
import { canBeClaimed, waitingSeconds } from "../../src/incident/queue";
import { soundKey, sounds } from "../../src/incident/sound";
import { actsFrom, atIt, canBeReopened, handedOver, inTaskOrder, troubleOf, troubles } from "../../src/incident/tasks";
import { veiled } from "../../src/incident/veil";
import { draftOf, placeTyped, recordOf, stationFaults } from "../../src/station/draft";
import { hoursWords, skillWords, worksAt } from "../../src/station/hours";
import { at, candidate, incident, station, T0, task } from "./make";

const operator = { username: "operator", role: "operator" } as const;
const held = (tasks: IncidentTask[], change = {}) => incident({ state: "dispatched", holder: { username: "operator", since: at(5) }, tasks, ...change });
const moved = (task_state: IncidentTask["state"], seconds: number, id = "t-1") => ({ version: 1, at: at(seconds), kind: "task_moved", task: id, task_state }) as IncidentEvent;
const t = (key: string, values?: Record<string, unknown>) => `${key} ${String(values?.n ?? "")}`;

describe("the stages of a task", () => {
  const places = (each: IncidentTask, events: IncidentEvent[] = []) => steps(each, timesOf(each.id, events)).map(({ is }) => is).join(" ");

  it("are done, now and to come", () => {
    expect(places(task())).toBe("now ahead ahead ahead ahead");
    expect(places(task({ state: "en_route", since: at(90) }), [moved("acknowledged", 70)])).toBe("passed passed now ahead ahead");
    expect(places(task({ state: "finished" }))).toBe("passed skipped skipped skipped passed");
  });
  it("have the times at which they were reached; one that was passed over has none", () => {
    const shown = steps(task({ state: "on_scene", since: at(300) }), timesOf("t-1", [moved("acknowledged", 70), moved("acknowledged", 99, "another")]));
    expect(shown.map((step) => step.at)).toEqual([at(60), at(70), null, at(300), null]);
  });
  it("stop where a task ended early", () => {
    expect(places(task({ state: "declined", since: at(80) }))).toBe("passed ahead ahead ahead ahead");
    expect(places(task({ state: "failed", since: at(400) }), [moved("acknowledged", 70), moved("en_route", 80)])).toBe("passed passed passed ahead ahead");
  });
  it.each([
    ["offered", ["acknowledge", "decline"]], ["acknowledged", ["en-route", "on-scene", "fail"]], ["en_route", ["on-scene", "fail"]], ["on_scene", ["finish", "fail"]],
    ["declined", []], ["finished", []], ["failed", []], ["withdrawn", []],
  ] as const)("%s may be followed by %j", (state, acts) => expect(actsFrom(state)).toEqual(acts));
});

describe("a station that does not go", () => {
  const declined = task({ state: "declined", since: at(90) });

  it.each([
    ["asked just now", task(), null], ["reminded once", task({ overdue: 1 }), "reminded"], ["silent", task({ overdue: 2 }), "silent"],
    ["declined", declined, "declined"], ["failed", task({ state: "failed" }), "failed"], ["finished", task({ state: "finished" }), null], ["taken back", task({ state: "withdrawn" }), null],
  ] as const)("%s", (_name, each, kind) => expect(troubleOf(each, held([each]))).toBe(kind));

  it("is no trouble once another is asked after it, goes all the while, or has been there", () => {
    const others = [task({ id: "t-2", offered_at: at(100) }), task({ id: "t-2", state: "en_route" }), task({ id: "t-2", state: "finished", since: at(500) })];
    for (const other of others) expect(troubles(held([declined, other]))).toEqual([]);
    expect(troubles(held([declined, task({ id: "t-2" })]))).toHaveLength(1);
    expect(troubles(held([declined], { state: "resolved" }))).toEqual([]);
  });
  it("is told as long as the desk sounds for it", () => {
    expect(troubles(held([declined, task({ id: "t-2", state: "en_route" })], { sounding: true }))).toEqual([declined]);
  });
  it("sounds at the holder's desk alone, and anew for each", () => {
    const one = held([declined], { sounding: true });
    expect([sounds(one, operator), sounds(one, { username: "operator2", role: "operator" })]).toEqual([true, false]);
    expect(sounds(held([declined]), operator)).toBe(false);
    const two = held([declined, task({ id: "t-2", state: "failed", since: at(95) })], { sounding: true });
    expect(soundKey(two)).not.toBe(soundKey(one));
  });
  it("is waited for since it said so", () => {
    expect(waitingSeconds(held([declined], { sounding: true }), T0 + 130_000)).toBe(40);
    expect(waitingSeconds(held([task()]), T0 + 130_000)).toBeNull();
  });
});

describe("tasks of an incident", () => {
  it("stand with what is under way first, then the last to end", () => {
    const tasks = [task({ id: "old", state: "declined", since: at(1) }), task({ id: "going" }), task({ id: "new", state: "withdrawn", since: at(9) })];
    expect(inTaskOrder(tasks).map(({ id }) => id)).toEqual(["going", "new", "old"]);
    expect(atIt(held(tasks)).map(({ id }) => id)).toEqual(["going"]);
  });
  it("can be taken over with the incident, whatever the stations do", () => {
    expect([canBeClaimed(held([task()], { attention: "everyone" })), canBeClaimed(held([task()]))]).toEqual([true, false]);
  });
  it("say nothing on a locked screen", () => {
    const hidden = JSON.stringify(veiled(held([task({ responder: "wang", note: "敲门", words: "两个人" })])));
    for (const word of ["wang", "敲门", "两个人"]) expect(hidden).not.toContain(word);
  });
  it("are the holder's and a supervisor's to direct", () => {
    const mine = held([]);
    expect([operator, { username: "x", role: "operator" }, { username: "x", role: "supervisor" }, null].map((me) => mayDirect(mine, me as never))).toEqual([true, false, true, false]);
    expect([incident(), held([], { state: "closed" }), held([], { unsaved: true })].map((each) => mayDirect(each, operator))).toEqual([false, false, false]);
  });
});

describe("what the desk knows of a task", () => {
  const knows = (each: ReturnType<typeof incident>): LiveState => ({ ...emptyLive, incidents: { [each.id]: each } });

  it("comes with the answer, and is never set back", () => {
    const state = knows(held([task({ version: 3 })]));
    expect(withTask(state, "i-1", task({ version: 4, state: "acknowledged" })).incidents?.["i-1"]?.tasks[0]?.state).toBe("acknowledged");
    expect(withTask(state, "i-1", task({ version: 2, state: "declined" })).incidents?.["i-1"]?.tasks[0]?.state).toBe("offered");
    expect(withTask(state, "gone", task())).toEqual({});
  });
  it("goes back to the queue with a case that is reopened", () => {
    const closed: LiveState = { ...emptyLive, closed: { "i-1": incident({ state: "closed", version: 3 }) } };
    expect(withIncident(closed, incident({ state: "claimed", version: 4 }))).toMatchObject({ closed: {}, incidents: { "i-1": { version: 4 } } });
  });
});

describe("a case that was closed", () => {
  it("goes on within a day", () => {
    const closed = incident({ state: "closed", closed: { at: at(0), by: "operator", cause: "fall", outcome: "other", note: "" } });
    expect([23.9, 24.1].map((hours) => canBeReopened(closed, T0 + hours * 3_600_000))).toEqual([true, false]);
    expect(canBeReopened(incident(), T0)).toBe(false);
  });
  it("tells to whom it was handed over, and what was said", () => {
    expect(handedOver("120：3 分钟到：快")).toEqual({ to: "120", words: "3 分钟到：快" });
    expect(handedOver("110")).toEqual({ to: "110", words: "" });
  });
});

describe("stations that could go", () => {
  const list = [candidate({ recommended: true }), candidate({ station: { id: "s-2", name: "河滨" }, online: false, against: ["busy", "nobody_online"] })];

  it("are ticked where they are recommended and not asked yet", () => {
    expect(preselected(list)).toEqual(["s-1"]);
    expect(preselected([candidate({ recommended: true, against: ["asked"] })])).toEqual([]);
  });
  it("are to be rung where they are chosen and nobody is online", () => {
    expect(toBeRung(list, new Set(["s-1", "s-2"])).map((each) => each.station.id)).toEqual(["s-2"]);
    expect(toBeRung(list, new Set(["s-1"]))).toEqual([]);
  });
  it("are to be rung too where nobody knows whether somebody is there, and that is said", () => {
    const unknown = candidate({ online: null, against: ["online_unknown"] });
    expect(toBeRung([unknown], new Set(["s-1"]))).toEqual([unknown]);
    expect([[unknown, ...list].map(({ online }) => onlineState(online) === "unknown"), reasonsAgainst(unknown)]).toEqual([[true, false, false], []]);
    expect([true, false, null, undefined].map(onlineState)).toEqual(["online", "offline", "unknown", "unknown"]);
  });
  it("say once that nobody is online", () => expect(list.map(reasonsAgainst)).toEqual([[], ["busy"]]));
  it("have a reason against them, or only another before them", () => expect((["lacks_skill", "farther", "off_duty", "even"] as const).map(isOfTheOrder)).toEqual([false, true, false, true]));
  it.each([[421, "distance.metres 420"], [996, "distance.metres 1000"], [1_440, "distance.kilometres 1.4"]])("%i metres", (metres, words) => expect(distanceWords(metres, t)).toBe(words));
});

describe("a station as it is typed", () => {
  it("is sent as it was read", () => {
    const { id: _id, load: _load, accounts: _accounts, online: _online, ...record } = station();
    expect(recordOf(draftOf(station()))).toEqual(record);
    expect(stationFaults(draftOf(station()), [])).toEqual({});
  });
  it("takes both numbers of a place at once", () => {
    expect(placeTyped("33.9702，118.2650")).toEqual({ lat: "33.9702", lon: "118.2650" });
    expect(placeTyped("33.97")).toEqual({ lat: "33.97" });
  });
  it("says what is wrong", () => {
    expect(stationFaults(draftOf(null), [])).toEqual({ name: { kind: "needed" }, telephone: { kind: "needed" }, place: { kind: "place" } });
    const wrong = { ...draftOf(station()), lat: "118.27", lon: "33.96", id: "s 1", name: "长".repeat(101) };
    expect(stationFaults(wrong, [])).toEqual({ id: { kind: "id" }, name: { kind: "long", values: { n: 100 } }, place: { kind: "place" } });
    expect(stationFaults(draftOf(station()), ["s-1"])).toEqual({ id: { kind: "taken" } });
  });
});

describe("the hours and skills of a station", () => {
  const weekdays = { days: ["mon", "tue", "wed", "thu", "fri"], from: "08:00", to: "18:00" };
  const night = { days: ["sat"], from: "22:00", to: "06:00" };

  it("are always, where none are told", () => {
    // 2026-11-23 was a Monday; 08:00 in Greenwich is 16:00 in China.
    expect([worksAt([], T0), worksAt([weekdays], T0), worksAt([night], T0), worksAt([night, weekdays], T0)]).toEqual([true, true, false, true]);
    expect(worksAt([weekdays], T0 + 2 * 3_600_000)).toBe(false);
    expect(hoursWords([], t)).toContain("stations.always");
    expect(skillWords(["first_aid", "key"], (key) => key)).toBe("skill.first_aidweek.andskill.key");
  });
  it("are sent as people type them", () => {
    const draft = draftOf(station({ hours: [weekdays, night], skills: ["key"] }));
    expect(recordOf(draft)).toMatchObject({ hours: [weekdays, night], skills: ["key"] });
    const typed = { ...draft, hours: [{ days: ["mon" as const], from: "8", to: "18：30" }], skills: ["key" as const, "first_aid" as const] };
    expect(recordOf(typed)).toMatchObject({ hours: [{ days: ["mon"], from: "08:00", to: "18:30" }], skills: ["first_aid", "key"] });
    expect(stationFaults(typed, [])).toEqual({});
  });
  it("say which span is wrong", () => {
    const draft = draftOf(station({ hours: [weekdays, { ...night, days: [] }] }));
    expect(stationFaults(draft, [])).toEqual({ hours: { kind: "days", values: { n: 2 } } });
    expect(stationFaults({ ...draft, hours: [{ days: ["mon"], from: "25:00", to: "18:00" }] }, [])).toEqual({ hours: { kind: "time", values: { n: 1 } } });
  });
});
