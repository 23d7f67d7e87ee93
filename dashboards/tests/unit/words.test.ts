import i18next, { type i18n } from "i18next";
import { beforeAll, describe, expect, it } from "vitest";
import { en } from "../../console/i18n/en";
import { zh } from "../../console/i18n/zh";
import { zh as stationZh } from "../../station/i18n/zh";
import { problemWords, remarkWords, summaryWords, whoWords } from "../../src/incident/words";
import type { Translate } from "../../src/time/format";
import { at, incident, signal, T0 } from "./make";
import document from "../../openapi.json";

const speak: Record<string, i18n> = {};
const t = (language: string): Translate => (key, values) => speak[language]?.t(key, { ...values }) ?? key;

beforeAll(async () => {
  for (const [lng, translation] of Object.entries({ zh, en })) {
    const instance = i18next.createInstance();
    await instance.init({ lng, showSupportNotice: false, resources: { [lng]: { translation } }, interpolation: { escapeValue: false } });
    speak[lng] = instance;
  }
});

function keys(tree: object, prefix = ""): string[] {
  return Object.entries(tree).flatMap(([name, value]) => (typeof value === "string" ? [prefix + name] : keys(value as object, `${prefix}${name}.`)));
}
const holes = (text: string): string[] => [...text.matchAll(/\{\{(\w+)\}\}/g)].map((match) => match[1] ?? "").sort();
const textAt = (tree: object, key: string): string => key.split(".").reduce<unknown>((node, name) => (node as Record<string, unknown>)[name], tree) as string;

/** All names of the enumeration that has this member, wherever in the document it stands. */
function namesBeside(member: string, node: unknown): string[] {
  if (typeof node !== "object" || node === null) return [];
  const { enum: values, oneOf } = node as { enum?: string[]; oneOf?: { enum?: string[] }[] };
  const own = values ?? oneOf?.flatMap((each) => each.enum ?? []) ?? [];
  if (own.includes(member)) return own;
  return Object.values(node).reduce<string[]>((found, child) => (found.length > 1 ? found : namesBeside(member, child)), []);
}

describe("the two languages", () => {
  it("say the same things with the same values", () => {
    expect(keys(en).sort()).toEqual(keys(zh).sort());
    for (const key of keys(zh)) expect([key, holes(textAt(en, key))]).toEqual([key, holes(textAt(zh, key))]);
  });

  it("have words for every name the server can send", () => {
    const families: [string, object][] = [
      ["technical", zh.severity], ["on_scene", zh.state], ["fence_exit", zh.kind], ["id_reused", zh.remark], ["supervisor", zh.role], ["ladder_stepped", zh.timeline],
      ["withdrawn", zh.task.state], ["no_account", zh.dispatch.against], ["old_position", zh.dispatch.from], ["first_aid", zh.skill], ["119", zh.handover], ["need_ambulance", zh.task.needs], ["need_ambulance", stationZh.quick], ["pending", zh.plan.state],
    ];
    for (const [member, words] of families) {
      const names = namesBeside(member, document);
      expect([member, names.length > 1]).toEqual([member, true]);
      for (const name of names) expect(words).toHaveProperty(name);
    }
  });
});

describe("an incident in plain words", () => {
  const now = T0 + 40_000;

  it("says the first press and its age", () => {
    expect(summaryWords(incident(), now, t("zh"))).toBe("求助，40秒前");
    expect(summaryWords(incident(), now, t("en"))).toBe("Press, 40 s ago");
  });

  it("counts the presses of one row", () => {
    const thrice = incident({ signals: [1, 2, 3].map((n) => signal({ id: `s-${n}` })) });
    expect(summaryWords(thrice, now, t("zh"))).toBe("第3次求助，40秒前");
  });

  it("says of a late one when it was pressed and when it came", () => {
    const late = incident({ signals: [signal({ at: at(-2_400), received_at: at(0), late_by_s: 2_400, remarks: ["late"] })] });
    expect(summaryWords(late, T0 + 5_000, t("zh"))).toBe("40分钟前求助，刚刚收到");
    expect(summaryWords(late, T0 + 300_000, t("zh"))).toBe("45分钟前求助，5分钟前收到");
    expect(remarkWords(late.signals[0] ?? signal(), t("zh"))).toEqual(["40分钟后才送达"]);
  });

  it("never makes a cancel sound like the end", () => {
    const cancelled = incident({ signals: [signal(), signal({ id: "s-2", cancel: true, received_at: at(30), remarks: ["cancel"] })] });
    expect(summaryWords(cancelled, now, t("zh"))).toBe("求助后又取消，10秒前，仍须核实");
  });

  it("names who it is about as well as it can", () => {
    expect(whoWords(incident(), t("zh"))).toBe("王秀英");
    expect(whoWords(incident({ resident: null, handset: "demo-unbound" }), t("zh"))).toBe("终端 demo-unbound（未绑定老人）");
    expect(whoWords(incident({ resident: { id: "r-1", name: "" } }), t("zh"))).toBe("已结案（姓名未显示）");
    expect(whoWords(incident({ resident: null, handset: null }), t("zh"))).toBe("身份不明");
  });

  it("hides no remark and no problem it does not know", () => {
    const strange = signal({ remarks: ["from_the_future" as never] });
    expect(remarkWords(strange, t("zh"))).toEqual(["备注：from_the_future"]);
    expect(problemWords({ code: "new_trouble", detail: "42" }, t("zh"))).toBe("new_trouble：42");
  });
});
