import i18next, { type i18n } from "i18next";
import { beforeAll, describe, expect, it } from "vitest";
import type { IncidentEvent, Task } from "../../src/api/types";
import { countOverdue, countUntaken, emptyBoard, missingFrom, namesInVain, overdue, ringing, type SentAct, wasReminded, withAnswer, withGone, withoutAct, withoutNames, withoutNotice, withSent, withTask, withTasks } from "../../src/task/board";
import { inOrder, inOrderOfEnd, isLive, needsWords, nextActs, STAGES, steps, looksLike, mayCallOut, timesOf, quickWords, undoLeftSeconds, type StationAct } from "../../src/task/stages";
import { distanceWords } from "../../src/geo/words";
import { timeLeft, timeLeftWords, urgencyOf } from "../../src/task/words";
import { hindranceOf } from "../../src/session/hindrance";
import { readFrame, STATION_FRAME_TYPES } from "../../src/live/liveClient";
import type { Translate } from "../../src/time/format";
import { en } from "../../station/i18n/en";
import { zh } from "../../station/i18n/zh";
import { at, T0 } from "./make";

function task(change: Partial<Task> = {}): Task {
  return {
    id: "t-1", version: 5, state: "offered", station: { id: "s-1", name: "幸福服务站" }, offered_at: at(0), since: at(0), deadline_at: at(90), overdue: 0,
    responder: null, note: "", words: "", undoable: false, incident_id: "i-1", severity: "life", drill: false, resident: { id: "r-1", name: "王秀英" }, position: null, ...change,
  };
}
const ended = (state: Task["state"], change: Partial<Task> = {}) => task({ state, version: 9, deadline_at: null, resident: null, since: at(60), ...change });
const sent = (change: Partial<SentAct> = {}): SentAct => ({ act: "acknowledge", version: 5, body: { expected_version: 5 }, key: "k", kind: "asking", detail: "", ...change });

const speak: Record<string, i18n> = {};
const t = (language: string): Translate => (key, values) => speak[language]?.t(key, { ...values }) ?? key;
beforeAll(async () => {
  for (const [lng, translation] of Object.entries({ zh, en })) {
    const instance = i18next.createInstance();
    await instance.init({ lng, showSupportNotice: false, resources: { [lng]: { translation } }, interpolation: { escapeValue: false } });
    speak[lng] = instance;
  }
});

describe("the list", () => {
  it("has what waits for an answer on top, then the newest", () => {
    const going = task({ id: "b", state: "en_route", offered_at: at(100) });
    const older = task({ id: "c", offered_at: at(10) });
    const newer = task({ id: "a", offered_at: at(20) });
    expect(inOrder([going, older, ended("finished"), newer]).map(({ id }) => id)).toEqual(["a", "c", "b"]);
    expect(inOrder([task({ id: "y" }), task({ id: "x" })]).map(({ id }) => id)).toEqual(["x", "y"]);
    expect(inOrderOfEnd([ended("finished", { id: "1", since: at(1) }), ended("failed", { id: "2", since: at(2) })]).map(({ id }) => id)).toEqual(["2", "1"]);
  });
});

describe("a step that is taken back", () => {
  const now = T0 + 100_000;
  it.each([
    [true, 95, 5], [true, 90, 0], [true, 100, 10], [true, 91, 1], [false, 99, 0], [true, 130, 10],
  ] as const)("undoable %s, since %i s, leaves %i s", (undoable, since, left) => expect(undoLeftSeconds({ undoable, since: at(since) }, now)).toBe(left));

  it("is one from this screen, and an end that was taken back is none", () => {
    const going = withTask(emptyBoard, task({ state: "on_scene", version: 5 }));
    const over = withTask(withSent(going, "t-1", sent({ act: "finish" })), ended("finished"));
    expect([over.stepped["t-1"], over.notices.length]).toEqual([9, 1]);
    expect(withTask(going, ended("finished")).stepped).toEqual({});
    const back = withTask(withSent(over, "t-1", sent({ act: "undo", version: 9 })), task({ state: "on_scene", version: 10 }));
    expect([back.tasks["t-1"]?.state, back.ended, back.notices, back.acts, back.stepped["t-1"]]).toEqual(["on_scene", {}, [], {}, 9]);
  });

  it("is not what was called out from the door", () => {
    const there = withSent(withTask(emptyBoard, task({ state: "on_scene" })), "t-1", sent({ act: "need-help" }));
    const heard = withTask(there, task({ state: "on_scene", version: 6, said: "need_help" }));
    expect([heard.acts, heard.stepped["t-1"]]).toEqual([{}, undefined]);
    expect([mayCallOut("en_route"), mayCallOut("on_scene"), mayCallOut("acknowledged")]).toEqual([true, true, false]);
  });
});

describe("that somebody is still at it", () => {
  it("is said in one touch there, and on the way", () => {
    for (const state of ["en_route", "on_scene"] as const) expect(quickWords(state)).toEqual(["no-answer", "need-ambulance", "need-help", "still-at-it"]);
    expect([quickWords("acknowledged"), quickWords("finished")]).toEqual([[], []]);
  });

  it("is taken once the time runs anew, also where a call stands that nobody heard", () => {
    const rung = withTask(emptyBoard, task({ state: "on_scene", overdue: 1, said: "need_help" }));
    const lost = withAnswer(withSent(rung, "t-1", sent({ act: "still-at-it" })), "t-1", "k", "unreached");
    expect(withTask(lost, task({ state: "on_scene", version: 6, overdue: 2, said: "need_help" })).acts["t-1"]?.kind).toBe("moved");
    const heard = withTask(lost, task({ state: "on_scene", version: 6, overdue: 0, said: "need_help" }));
    expect([heard.acts, heard.stepped["t-1"], overdue(heard)]).toEqual([{}, undefined, null]);
    const onTheWay = withSent(withTask(emptyBoard, task({ state: "en_route", overdue: 2 })), "t-1", sent({ act: "still-at-it" }));
    expect(withTask(onTheWay, task({ state: "en_route", version: 6, overdue: 0, said: "still_at_it" })).acts).toEqual({});
  });
});

describe("what may be said next", () => {
  it("is one step forward and one way out", () => {
    expect(nextActs("offered")).toEqual({ forward: "acknowledge", out: "decline" });
    expect(nextActs("acknowledged")).toEqual({ forward: "en-route", out: "fail" });
    expect(nextActs("en_route")).toEqual({ forward: "on-scene", out: "fail" });
    expect(nextActs("on_scene")).toEqual({ forward: "finish", out: "fail" });
    for (const state of ["declined", "finished", "failed", "withdrawn"] as const) expect([nextActs(state), isLive({ state })]).toEqual([null, false]);
  });

  it("leads through the stages in order, and out of them only with words", () => {
    for (const [place, stage] of STAGES.slice(0, -1).entries()) {
      const next = nextActs(stage);
      expect(next && looksLike(next.forward, { state: STAGES[place + 1] ?? stage, overdue: 0 })).toBe(true);
      expect(next && needsWords(next.out)).toBe(true);
    }
    expect((["acknowledge", "en-route", "on-scene"] satisfies StationAct[]).some(needsWords)).toBe(false);
  });
});

describe("the stages", () => {
  it("show the times that are known and say where none is", () => {
    const shown = steps(task({ state: "on_scene", since: at(300) }), { acknowledged: at(20) });
    expect(shown.map(({ is }) => is)).toEqual(["passed", "passed", "skipped", "now", "ahead"]);
    expect(shown.map(({ at: when }) => when)).toEqual([at(0), at(20), null, at(300), null]);
  });

  it("take the rest from the incident's account", () => {
    const moved = (of: string, state: Task["state"], seconds: number) => ({ kind: "task_moved", task: of, task_state: state, at: at(seconds) }) as IncidentEvent;
    expect(timesOf("t-1", [moved("t-1", "acknowledged", 5), moved("t-2", "en_route", 6), moved("t-1", "en_route", 7)])).toEqual({ acknowledged: at(5), en_route: at(7) });
  });
});

describe("time left", () => {
  it("counts down, then says by how much it is over", () => {
    expect(timeLeft(task(), T0)).toEqual({ kind: "left", seconds: 90 });
    expect(timeLeft(task(), T0 + 90_000)).toEqual({ kind: "over", seconds: 0 });
    expect(timeLeft(task({ deadline_at: null }), T0)).toBeNull();
    expect([urgencyOf(task(), T0), urgencyOf(task(), T0 + 61_000), urgencyOf(task(), T0 + 91_000), urgencyOf(task({ overdue: 1 }), T0)]).toEqual(["calm", "pressing", "over", "over"]);
  });

  it("has words in both languages", () => {
    expect(timeLeftWords(task(), T0 + 500, t("zh"))).toBe("请在 1:30 内答复");
    expect(timeLeftWords(task(), T0 + 110_000, t("zh"))).toBe("答复已超时 0:20，呼叫中心在等");
    expect(timeLeftWords(task({ state: "en_route", overdue: 2 }), T0, t("zh"))).toBe("请在 1:30 内更新进展（已催 2 次）");
    expect(timeLeftWords(task(), T0, t("en"))).toBe("Answer within 1:30");
    expect(timeLeftWords(ended("finished"), T0, t("zh"))).toBe("");
    expect([distanceWords(347, t("zh")), distanceWords(1_240, t("zh"))]).toEqual(["350 米", "1.2 公里"]);
  });
});

describe("the board", () => {
  it("is not set back by older news", () => {
    const board = withTask(emptyBoard, task({ version: 7, state: "acknowledged" }));
    expect(withTask(board, task())).toBe(board);
    const over = withTask(board, ended("finished"));
    expect(withTask(over, task({ version: 8, state: "on_scene" }))).toBe(over);
  });

  it("says how a task on the screen ended, with the name that stood there, until it is tapped away", () => {
    const board = withTask(withTask(emptyBoard, task()), ended("withdrawn", { words: "家属已到" }));
    expect(board.tasks).toEqual({});
    expect(board.notices).toMatchObject([{ name: "王秀英", own: false, gone: false, task: { words: "家属已到" } }]);
    expect(withoutNotice(board, "t-1").notices).toEqual([]);
    expect(withTask(emptyBoard, ended("withdrawn")).notices).toEqual([]);
  });

  it("names nobody any more once nobody looks and no visit is to be made", () => {
    const two = withTasks(emptyBoard, [task(), task({ id: "t-2", resident: { id: "r-2", name: "李桂兰" } })]);
    const one = withTask(two, ended("withdrawn", { words: "家属已到" }));
    expect([two, one].map(namesInVain)).toEqual([false, false]);
    const over = withGone(one, ["t-2"]);
    expect(namesInVain(over)).toBe(true);
    const nameless = withoutNames(over);
    expect(namesInVain(nameless)).toBe(false);
    expect(JSON.stringify(nameless.notices)).not.toMatch(/王秀英|李桂兰/);
    expect(nameless.notices).toMatchObject([{ gone: true }, { task: { words: "家属已到" } }]);
  });

  it("rings as grave as the gravest that waits, also while an answer is under way", () => {
    const two = withTasks(emptyBoard, [task({ severity: "notice" }), task({ id: "t-2", severity: "urgent" }), task({ id: "t-3", state: "en_route" })]);
    expect(ringing(two)).toBe("urgent");
    expect(ringing(withSent(withTask(emptyBoard, task()), "t-1", sent()))).toBe("life");
    expect(ringing(withTask(emptyBoard, task({ state: "acknowledged" })))).toBeNull();
  });

  it.each(["acknowledged", "en_route", "on_scene"] as const)("does not ring on where a word is due of a task that is %s, and is reminded each time it is asked after", (state) => {
    const going = withTask(emptyBoard, task({ state, severity: "urgent" }));
    const silent = withTask(going, task({ state, overdue: 1, version: 6, severity: "urgent" }));
    const again = withTask(silent, task({ state, overdue: 2, version: 7, severity: "urgent" }));
    const heard = withTask(again, task({ state, overdue: 0, version: 8 }));
    const over = withTask(again, ended("finished"));
    expect([going, silent, again, heard, over].map(ringing)).toEqual([null, null, null, null, null]);
    expect([going, silent, again, heard, over].map(overdue)).toEqual([null, "urgent", "urgent", null, null]);
    expect([wasReminded(silent, going), wasReminded(again, silent), wasReminded(silent, emptyBoard)]).toEqual([true, true, true]);
    expect([wasReminded(going, emptyBoard), wasReminded(silent, silent), wasReminded(heard, again), wasReminded(over, again)]).toEqual([false, false, false, false]);
  });

  it("rings on for one that nobody has answered, however often it was asked after", () => {
    const asked = withTask(emptyBoard, task({ overdue: 2 }));
    expect([asked, withTask(emptyBoard, task({ state: "on_scene", overdue: 1 }))].map(countOverdue)).toEqual([0, 1]);
    expect([ringing(asked), overdue(asked), wasReminded(asked, emptyBoard)]).toEqual(["life", null, false]);
  });

  it("takes a word for done only when the server says so, by whichever way", () => {
    const asking = withSent(withTask(emptyBoard, task()), "t-1", sent());
    expect(withTask(asking, task({ overdue: 1, version: 6 })).acts["t-1"]?.kind).toBe("asking");
    expect(withTask(asking, task({ state: "acknowledged", version: 6 })).acts).toEqual({});
    const lost = withAnswer(asking, "t-1", "k", "unreached");
    const others = (["refused", "moved"] as const).map((kind) => withAnswer(asking, "t-1", "k", kind));
    expect([emptyBoard, asking, lost, ...others].map(countUntaken)).toEqual([0, 0, 1, 1, 1]);
    expect(withTask(lost, task()).acts["t-1"]?.kind).toBe("unreached");
    expect(withTask(lost, task({ state: "acknowledged", version: 6 })).acts).toEqual({});
    expect(withTask(lost, task({ overdue: 1, version: 6 })).acts["t-1"]?.kind).toBe("moved");
    expect(withTask(lost, ended("declined")).notices[0]?.own).toBe(false);
    expect(withTask(withSent(asking, "t-1", sent({ act: "decline" })), ended("declined")).notices[0]?.own).toBe(true);
    expect(withTask(lost, ended("withdrawn")).acts).toEqual({});
  });

  it("does not let a late answer undo what is known", () => {
    const done = withoutAct(withSent(withTask(emptyBoard, task()), "t-1", sent()), "t-1");
    expect(withAnswer(done, "t-1", "k", "unreached")).toBe(done);
    const another = withSent(done, "t-1", sent({ key: "k-2" }));
    expect(withAnswer(another, "t-1", "k", "unreached")).toBe(another);
  });

  it("knows what a snapshot is silent about, and says so once nobody knows it", () => {
    const board = withTasks(emptyBoard, [task(), task({ id: "t-2" })]);
    expect(missingFrom(board, [task()])).toEqual(["t-2"]);
    const after = withGone(board, ["t-2", "nobody"]);
    expect([Object.keys(after.tasks), after.notices.map(({ gone }) => gone)]).toEqual([["t-1"], [true]]);
  });
});

describe("who logs in at a station", () => {
  it("is told what stands before the work", () => {
    const me = { role: "station", must_change_password: false, must_add_second_factor: false, locked: false } as const;
    expect([me, { ...me, must_change_password: true, locked: true }, { ...me, must_add_second_factor: true }, { ...me, locked: true }, { ...me, role: "operator" as const }].map((each) => hindranceOf(each, "station")))
      .toEqual([null, "password", "factor", "locked", "role"]);
  });
});

describe("frames of a station", () => {
  it("are tasks too, which other pages do not hear", () => {
    const frame = JSON.stringify({ type: "task", cursor: "c", task: task() });
    expect(readFrame(frame, STATION_FRAME_TYPES)).toMatchObject({ type: "task" });
    expect(readFrame(frame)).toBeUndefined();
  });
});

function keys(tree: object, prefix = ""): string[] {
  return Object.entries(tree).flatMap(([name, value]) => (typeof value === "string" ? [prefix + name] : keys(value as object, `${prefix}${name}.`)));
}
const textAt = (tree: object, key: string): string => key.split(".").reduce<unknown>((node, name) => (node as Record<string, unknown>)[name], tree) as string;
const holes = (text: string): string[] => [...text.matchAll(/\{\{(\w+)\}\}/g)].map((match) => match[1] ?? "").sort();

describe("the two languages of a station", () => {
  it("say the same things with the same values", () => {
    expect(keys(en).sort()).toEqual(keys(zh).sort());
    for (const key of keys(zh)) expect([key, holes(textAt(en, key))]).toEqual([key, holes(textAt(zh, key))]);
  });
});
