import i18next, { type i18n } from "i18next";
import { beforeAll, describe, expect, it } from "vitest";
import { en } from "../../family/i18n/en";
import { zh } from "../../family/i18n/zh";
import type { IncidentEvent, Position } from "../../src/api/types";
import { about, isSaid, type SentAnswer, unsettled, withAnswer, withoutAnswer } from "../../src/family/answer";
import { callKey, calling, emptyBoard, missingFrom, shownOf, SHOWN_AFTER_END_MS, withBeginning, withIncident, withoutUnseen, withSeen } from "../../src/family/board";
import { accountOf, nowOf, stageOf, stepsOf } from "../../src/family/progress";
import { certaintyOf, sentenceOf } from "../../src/family/sentence";
import { whatWords } from "../../src/family/words";
import { homeOf } from "../../src/session/home";
import { afterEnd, whoIs } from "../../src/session/state";
import { minuteText, type Translate } from "../../src/time/format";
import { at, incident, signal, T0, task } from "./make";

const speak: Record<string, i18n> = {};
const t = (language: string): Translate => (key, values) => speak[language]?.t(key, { ...values }) ?? key;
beforeAll(async () => {
  for (const [lng, translation] of Object.entries({ zh, en })) {
    const instance = i18next.createInstance();
    await instance.init({ lng, showSupportNotice: false, resources: { [lng]: { translation } }, interpolation: { escapeValue: false } });
    speak[lng] = instance;
  }
});

const HOME = { lat: 33.9624, lon: 118.2757 };
const fix = (seconds: number, change: Partial<Position> = {}): Position => ({ ...HOME, accuracy_m: 20, method: "gps", fix_time: at(seconds), age_s: 7, ...change });
const NORTH_1200_M = { lat: HOME.lat + 1_200 / 111_320 };

describe("the sentence", () => {
  it.each<[string, Position | null, typeof HOME | null, string, string]>([
    ["now", fix(-5), HOME, "王秀英 刚刚在家附近（±20 米）", "fresh"],
    ["some minutes ago", fix(-180), HOME, "王秀英 3分钟前在家附近（±20 米）", "fresh"],
    ["at the last second of fresh", fix(-600), HOME, "王秀英 10分钟前在家附近（±20 米）", "fresh"],
    ["one second later", fix(-601), HOME, "王秀英位置未知已 10分钟，最后在家附近（±20 米）", "stale"],
    ["long ago and vaguely", fix(-47 * 60, { accuracy_m: 800 }), HOME, "王秀英位置未知已 47分钟，最后在家附近（±800 米）", "stale"],
    ["days ago", fix(-3 * 86_400), HOME, "王秀英位置未知已 3天，最后在家附近（±20 米）", "stale"],
    ["away from home", fix(-120, NORTH_1200_M), HOME, "王秀英 2分钟前在离家约 1.2 公里处（±20 米）", "fresh"],
    ["no home on record", fix(-120), null, "王秀英 2分钟前在地图所示位置（±20 米）", "fresh"],
    ["by WiFi", fix(-120, { method: "wifi", accuracy_m: 41.4 }), HOME, "王秀英 2分钟前在家附近（WiFi 定位，±41 米）", "fresh"],
    ["by a cell, very vaguely", fix(-120, { method: "cell", accuracy_m: 2_540 }), HOME, "王秀英 2分钟前在家附近（基站定位，±2.5 公里）", "fresh"],
    ["by several cells", fix(-120, { method: "aflt", accuracy_m: 150 }), HOME, "王秀英 2分钟前在家附近（基站三角定位，±150 米）", "fresh"],
    ["dated in the future: the age the server reckoned", fix(86_400), HOME, "王秀英 刚刚在家附近（±20 米）", "fresh"],
    ["dated in the future, told long after", fix(86_400, { age_s: 2_820 }), HOME, "王秀英位置未知已 47分钟，最后在家附近（±20 米）", "stale"],
    ["none, or none that may be seen", null, HOME, "王秀英：暂无位置", "unknown"],
  ])("%s", (_case, position, home, words, certainty) => {
    expect(sentenceOf("王秀英", position, home, T0, t("zh"))).toBe(words);
    expect(certaintyOf(position, T0)).toBe(certainty);
  });

  it("is said in English too", () => expect(sentenceOf("王秀英", fix(-180), HOME, T0, t("en"))).toBe("王秀英 was near home 3 min ago (±20 m)"));
});

const event = (kind: IncidentEvent["kind"], seconds: number, change: Partial<IncidentEvent> = {}) => ({ version: 1, at: at(seconds), kind, by: null, text: null, contact: null, signal: null, ladder_step: null, task: null, task_state: null, ...change }) as IncidentEvent;
const moved = (task_state: NonNullable<IncidentEvent["task_state"]>, seconds: number) => event("task_moved", seconds, { task: "t-1", task_state });
const holder = { username: "operator", since: at(10) };
const held = { state: "claimed" as const, holder };
const closed = { at: at(900), by: "operator", cause: "fall", outcome: "family_attended", note: "" };

describe("how far help has come", () => {
  it.each([
    ["nobody has it", incident(), [], "received", "received", "now ahead ahead ahead ahead"],
    ["more are called", incident({ attention: "everyone" }), [], "received", "calling_all", "now ahead ahead ahead ahead"],
    ["not on disk yet", incident({ unsaved: true, attention: "everyone" }), [], "received", "unsaved", "now ahead ahead ahead ahead"],
    ["claimed", incident(held), [], "claimed", "claimed", "passed now ahead ahead ahead"],
    ["the holder fell silent", incident({ ...held, attention: "everyone" }), [], "claimed", "silent", "passed now ahead ahead ahead"],
    ["handed back", incident(), [event("claimed", 10), event("released", 20)], "received", "released", "now undone ahead ahead ahead"],
    ["a station was asked", incident({ ...held, tasks: [task()] }), [], "claimed", "station_asked", "passed now ahead ahead ahead"],
    ["a station is ready", incident({ ...held, tasks: [task({ state: "acknowledged" })] }), [], "claimed", "station_ready", "passed now ahead ahead ahead"],
    ["on the way", incident({ ...held, tasks: [task({ state: "en_route" })] }), [], "on_the_way", "on_the_way", "passed passed now ahead ahead"],
    ["on the way though nobody holds it", incident({ tasks: [task({ state: "en_route" })] }), [], "on_the_way", "on_the_way", "passed passed now ahead ahead"],
    ["there, without having said that they set out", incident({ ...held, tasks: [task({ state: "on_scene" })] }), [], "on_scene", "on_scene", "passed passed passed now ahead"],
    ["it did not get there", incident({ ...held, tasks: [task({ state: "failed" })] }), [moved("en_route", 70), moved("failed", 80)], "claimed", "station_lost", "passed now undone ahead ahead"],
    ["another one was asked since", incident({ ...held, tasks: [task({ state: "failed" }), task({ id: "t-2" })] }), [], "claimed", "station_asked", "passed now ahead ahead ahead"],
    ["done there", incident({ ...held, tasks: [task({ state: "finished" })] }), [moved("en_route", 70), moved("on_scene", 80)], "claimed", "done_there", "passed now passed passed ahead"],
    ["resolved", incident({ state: "resolved", holder }), [], "claimed", "resolved", "passed now ahead ahead ahead"],
    ["closed by telephone", incident({ state: "closed", closed }), [event("claimed", 10)], "closed", "closed", "passed passed skipped skipped now"],
    ["taken up again", incident(held), [event("claimed", 10), event("closed", 20), event("reopened", 30)], "claimed", "claimed", "passed now ahead ahead ahead"],
  ] as const)("%s", (_case, of, events, stage, now, steps) => {
    expect([stageOf(of), nowOf(of, events), stepsOf(of, events).map(({ is }) => is).join(" ")]).toEqual([stage, now, steps]);
  });

  it("has the times at which the stages were reached, also before the account is there", () => {
    const going = incident({ ...held, tasks: [task({ state: "en_route", since: at(95) })] });
    expect(stepsOf(going, []).map((step) => step.at)).toEqual([at(0), at(10), at(95), null, null]);
    const twice = stepsOf(going, [event("claimed", 10), event("released", 20), event("claimed", 30), moved("en_route", 95)]);
    expect(twice.map((step) => step.at)).toEqual([at(0), at(30), at(95), null, null]);
  });

  it("is told the latest first, with what went back, without what concerns the desk alone", () => {
    const told = accountOf(incident({ tasks: [task()] }), [event("opened", 0), event("noted", 1), event("noted", 2, { contact: "resident" }), event("identified", 3), moved("failed", 4), event("clock_went_back", 5)]);
    expect(told.map(({ key, back, station }) => [key, back, station])).toEqual([["task.failed", true, "幸福服务站"], ["contact.resident", false, null], ["opened", false, null]]);
  });

  it("has words for everything it can say", () => {
    for (const language of ["zh", "en"]) {
      const say = t(language);
      const kinds = ["opened", "signal_joined", "claimed", "released", "dispatched", "transferred", "handed_over", "resolved", "reopened", "closed", "answer_overdue", "ladder_stepped", "task_overdue"] as const;
      const states = ["offered", "acknowledged", "declined", "en_route", "on_scene", "finished", "failed", "withdrawn"] as const;
      const events = [...kinds.map((kind) => event(kind, 0)), ...states.map((state) => moved(state, 0)), ...(["resident", "witness", "120", "110"] as const).map((contact) => event("noted", 0, { contact }))];
      const told = accountOf(incident(), events);
      expect(told).toHaveLength(events.length);
      for (const { key } of told) expect([key, say(`told.${key}`)]).not.toEqual([key, `told.${key}`]);
    }
  });
});

describe("what has happened, in plain words", () => {
  const press = (id: string, seconds: number, change = {}) => signal({ id, at: at(seconds), received_at: at(seconds), ...change });
  it.each([
    ["a press", [press("1", 0)], 30, "王秀英 刚刚按了求助键"],
    ["three presses", [press("1", 0), press("2", 20), press("3", 60)], 190, "王秀英 2分钟前按了求助键，共 3 次"],
    ["late", [press("1", -2_400, { received_at: at(0), remarks: ["late"] })], 5, "王秀英 40分钟前按了求助键，刚刚才收到"],
    ["taken back", [press("1", 0), press("2", 30, { cancel: true })], 130, "王秀英 2分钟前按了求助键，后来取消了，仍在核实"],
    ["a press after the battery ran low", [press("1", 0, { kind: "low_battery" }), press("2", 60)], 130, "王秀英 1分钟前按了求助键"],
    ["a fall", [press("1", 0, { kind: "fall" })], 70, "王秀英 1分钟前可能跌倒了"],
  ])("%s", (_case, signals, now, words) => expect(whatWords("王秀英", incident({ signals }), T0 + now * 1_000, t("zh"))).toBe(words));
});

describe("what calls", () => {
  const begun = withBeginning(emptyBoard, []);
  it("is what comes after the page was opened, until it is touched away; each press anew", () => {
    expect(calling(withBeginning(emptyBoard, [incident()]))).toEqual([]);
    const board = withIncident(begun, incident());
    expect(calling(board).map(({ id }) => id)).toEqual(["i-1"]);
    const seen = withSeen(board);
    expect(calling(withIncident(seen, incident({ version: 2, state: "claimed" })))).toEqual([]);
    const again = incident({ version: 3, signals: [signal(), signal({ id: "s-2" })] });
    expect(calling(withIncident(seen, again)).map(callKey)).toEqual(["i-1|2"]);
    expect(calling(withIncident(seen, incident({ version: 3, signals: [signal(), signal({ id: "s-2", cancel: true })] })))).toEqual([]);
  });
  it("is the gravest first, and never a battery", () => {
    const board = [incident({ id: "a", severity: "notice" }), incident({ id: "b" }), incident({ id: "c", severity: "technical" })].reduce(withIncident, begun);
    expect(calling(board).map(({ id }) => id)).toEqual(["b", "a"]);
  });
  it("ends with the incident, which older news does not open again", () => {
    const board = withIncident(withIncident(begun, incident()), incident({ version: 5, state: "closed", closed }));
    expect([calling(board), withIncident(board, incident({ version: 4 }))]).toEqual([[], board]);
    expect(withIncident(withIncident(begun, incident({ unsaved: true, version: 0 })), incident({ unsaved: true, version: 0, state: "closed" })).incidents).toEqual({});
  });
  it("is shown open first, and for a day after its end", () => {
    const board = [incident({ id: "old", state: "closed", closed: { ...closed, at: at(0) } }), incident({ id: "open" }), incident({ id: "theirs", resident: { id: "r-2", name: "李" } })].reduce(withIncident, begun);
    expect(shownOf(board, "r-1", T0 + 60_000).map(({ id }) => id)).toEqual(["open", "old"]);
    expect(shownOf(board, "r-1", T0 + SHOWN_AFTER_END_MS).map(({ id }) => id)).toEqual(["open"]);
    expect(missingFrom(board, [])).toEqual(["open", "theirs"]);
    // Kept from a family by staff: also what had ended goes, without a word. What is open is asked after by itself.
    expect(Object.keys(withoutUnseen(board, []).incidents)).toEqual(["open", "theirs"]);
    expect(withoutUnseen(board, Object.values(board.incidents))).toBe(board);
  });
});

describe("an answer", () => {
  const sent = (change: Partial<SentAnswer> = {}): SentAnswer => ({ incident: "i-1", answer: "calling", text: "", key: "k", kind: "asking", at: null, status: null, ...change });
  it("is said once, and again only under its own key; other words may always be said", () => {
    const list = withAnswer(withAnswer([], sent()), sent({ kind: "unreached" }));
    expect(list.map(({ kind }) => kind)).toEqual(["unreached"]);
    expect([isSaid(list, "calling"), isSaid(withAnswer(list, sent({ kind: "sent" })), "calling"), isSaid([sent({ answer: "other", kind: "sent" })], "other")]).toEqual([false, true, false]);
    expect([unsettled(list, "calling")?.key, unsettled(list, "coming"), unsettled([sent({ answer: "other", kind: "unreached" })], "other")]).toEqual(["k", undefined, undefined]);
    expect([about(list, "i-2"), withoutAnswer(list, "k")]).toEqual([[], []]);
  });
});

describe("a page of one's own", () => {
  it("is the console for all but stations and relatives", () => {
    expect((["operator", "supervisor", "admin", "auditor", "station", "relative"] as const).map(homeOf)).toEqual(["/", "/", "/", "/", "/station/", "/family/"]);
  });
  it("stays beneath the log-in once its session has ended", () => {
    const me = { username: "relative" } as NonNullable<ReturnType<typeof whoIs>>;
    expect([afterEnd({ kind: "in", me }), afterEnd({ kind: "ended", me }), afterEnd({ kind: "asking" })]).toEqual([{ kind: "ended", me }, { kind: "ended", me }, { kind: "nobody" }]);
    expect([whoIs({ kind: "ended", me }), whoIs({ kind: "unreached" })]).toEqual([me, null]);
  });
  it("says a time to the minute, with the day if it was another one", () => expect([minuteText(at(5), T0), minuteText(at(-86_400), T0), minuteText("?", T0)]).toEqual(["16:00", "11-22 16:00", "?"]));
});

function keys(tree: object, prefix = ""): string[] {
  return Object.entries(tree).flatMap(([name, value]) => (typeof value === "string" ? [prefix + name] : keys(value as object, `${prefix}${name}.`)));
}
const textAt = (tree: object, key: string): string => key.split(".").reduce<unknown>((node, name) => (node as Record<string, unknown>)[name], tree) as string;
const holes = (text: string): string[] => [...text.matchAll(/\{\{(\w+)\}\}/g)].map((match) => match[1] ?? "").sort();

describe("the two languages of a family", () => {
  it("say the same things with the same values", () => {
    expect(keys(en).sort()).toEqual(keys(zh).sort());
    for (const key of keys(zh)) expect([key, holes(textAt(en, key))]).toEqual([key, holes(textAt(zh, key))]);
  });
});
