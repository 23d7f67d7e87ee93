/** The server's refusals in the words of the pages. */
import i18next from "i18next";
import { beforeAll, describe, expect, it } from "vitest";
import { refusedWords } from "../../console/fences/words";
import { refusalWords } from "../../src/account/refusal";
import { zh } from "../../console/i18n/zh";
import { saidWords } from "../../src/problem/said";
import type { Translate } from "../../src/time/format";

const words = i18next.createInstance();
const t: Translate = (key, values) => words.t(key, { ...values });
const refused = (code: string, detail: string, status = 422) => ({ kind: "refused" as const, status, code, detail, retry_after_s: null });

beforeAll(() => words.init({ lng: "zh", showSupportNotice: false, resources: { zh: { translation: zh } }, interpolation: { escapeValue: false } }));

describe("what the server says", () => {
  it.each([
    ['schedule, entry 2, cannot be used: "nonsense" is no time of day from 00:00 to 24:00', "第 2 个时段不对。“nonsense”不是 00:00 到 24:00 之间的时间。"],
    ['home_by, time 1, cannot be used: "25:00" is no time of day from 00:00 to 24:00', "第 1 个回家时间不对。“25:00”不是 00:00 到 24:00 之间的时间。"],
    ["schedule, entry 1, cannot be used: missing field `from`", "第 1 个时段不对。"],
    ["shape: it crosses itself near 33.96240, 118.27570", "相交处在北纬 33.96240、东经 118.27570 附近。"],
    ["shape: a ring needs at least three corners and its first position again at the end; this has 2", "现在只有 2 个点。"],
    ["shape: a corridor's line needs at least two positions; this has 1", "现在只有 1 个点。"],
    ["a fence has at most 5000 positions in 524288 bytes; simplify its shape", "最多 5000 个点、524288 字节。"],
    ["its shape cannot be used: ring 1 encloses no surface", "第 1 圈没有围出面积。"],
    ["shape: ring 2 is a hole and must lie within ring 1, the outer one of its polygon", "第 2 圈是洞，须在第 1 圈（外圈）之内。"],
    ["shape: ring 3 lies within ring 2, and both are holes; take one of them away", "第 3 圈在第 2 圈之内，两圈都是洞，请去掉一个。"],
    ["its shape cannot be used: polygon 2 lies within polygon 1 and is drawn twice; take it away, or draw it as a hole", "第 2 块在第 1 块之内，画了两次：请去掉，或画成洞。"],
    ["shape: radius_m is 3 m; it must be a number from 10 m on", "半径是 3 米，至少要 10 米。"],
    ["dwell_s is 100000; it is a number of seconds from 0 to 86400", "停留时间（秒）须在 0 到 86400 之间。"],
    ["heartbeat_s is 5; it is from 60 to 86400 seconds", "终端消息间隔（秒）须在 60 到 86400 之间。"],
    ["interval_s must be 10 to 3600", "间隔（秒）须在 10 到 3600 之间。"],
    ["say has at most 1000 characters", "要说的话最多 1000 个字。"],
    ["an absence ends after it begins, later than now and within 92 days", "结束时间须晚于现在和开始时间，最长 92 天。"],
    ["too many requests; ask again in 2 s", "请求太频繁，请在 2 秒后再试。"],
    ["this account is no relative's; log in with that of a relative", "这个账号不是家属账号，请用家属账号登录。"],
    ["this invitation is for an account of its own", "这个邀请是用来开新账号的，不能用已有账号。"],
  ])("%s", (detail, expected) => expect(saidWords(detail, t)).toBe(expected));

  it.each([
    ["incidents without the person: what happened and when, for the figures and for the answer to complaints", zh.said.stays_incidents],
    ["the audit log: who looked when, by the resident's id, as the law asks for records of processing", zh.said.stays_audit],
    ["consents without names: that there was a ground for what was done", zh.said.stays_consents],
    ["what handsets said of themselves beside positions (status, fall reports), without a binding that is shown, until retention.messages_days is over", zh.said.stays_handsets],
    ["positions of the last hours are removed within two days, when their part of the journal is put in order", zh.said.stays_positions],
  ])("of what stays: %s", (detail, expected) => expect(saidWords(detail, t)).toBe(expected));

  it("is not guessed at where it is not known, and a field without a name keeps its own", () => {
    expect(saidWords("the moon is in the wrong house", t)).toBeNull();
    expect(saidWords("new_field must say something", t)).toBe("请填写new_field。");
  });
});

describe("a refusal", () => {
  it("says what is wrong and where, without the server's English", () => {
    expect(refusedWords(refused("schedule", 'schedule, entry 1, cannot be used: "x" is no time of day from 00:00 to 24:00'), t)).toBe("布防时间有误。第 1 个时段不对。“x”不是 00:00 到 24:00 之间的时间。");
    expect(refusedWords(refused("changed", "somebody else has changed this fence; read it again", 409), t)).toBe("别人刚改过，请重新打开。");
    expect(refusedWords(refused("too_large", "a zone has at most 20000 positions in 2097152 bytes; simplify its shape", 413), t)).toBe("图形太大，请简化。最多 20000 个点、2097152 字节。");
    expect(refusedWords(refused("unprocessable", "a resident has at most 20 fences"), t)).toBe("没有成功：一位老人最多 20 个围栏。");
  });

  it("by rights is said as such, unless the server's sentence says more", () => {
    expect(refusalWords(refused("forbidden", "reports are read by supervisors and administrators only", 403), t)).toBe(zh.outcome.forbidden);
    expect(refusalWords(refused("forbidden", "a handset is asked where it is only while an incident about its resident is open", 403), t)).toContain("未结警情");
    expect(refusalWords(refused("odd", "the moon is in the wrong house"), t)).toBe("没有成功：the moon is in the wrong house");
  });
});
