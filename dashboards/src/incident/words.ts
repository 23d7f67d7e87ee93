/** An incident in plain words: who, what was asked for and when. Pure; the language comes in as `t`. */
import type { Incident, Signal } from "../api/types";
import { ageSeconds, agoWords, durationWords, type Translate } from "../time/format";
import { isVeiled } from "./veil";

/** A signal heard within this time has arrived "just now". */
const JUST_NOW_S = 60;

export function newestSignal(incident: Incident): Signal | undefined {
  return incident.signals.reduce<Signal | undefined>(
    (newest, signal) =>
      newest && Date.parse(newest.received_at) > Date.parse(signal.received_at) ? newest : signal,
    undefined,
  );
}

/** The person's name, or what is known in place of it. */
export function whoWords(incident: Incident, t: Translate): string {
  // In a list of closed ones the name is left out until it is said why it is opened.
  if (incident.resident) return incident.resident.name || t("who.closed");
  if (incident.handset) return t("who.handset", { handset: incident.handset });
  if (isVeiled(incident)) return t("lock.veiled");
  return t("who.unknown");
}

export const isLate = (signal: Signal): boolean => signal.remarks.includes("late");

/** 第3次求助，40 秒前 · 40 分钟前求助，刚刚收到 · 求助后取消，5 秒前. */
export function summaryWords(incident: Incident, nowMs: number, t: Translate): string {
  const signal = newestSignal(incident);
  if (!signal) return t("summary.none");
  const alike = incident.signals.filter((each) => each.kind === signal.kind && !each.cancel).length;
  const times = { kind: t(`kind.${signal.kind}`), n: alike };
  if (signal.cancel) return t("summary.cancelled", { ...times, age: agoWords(ageSeconds(signal.received_at, nowMs), t) });
  const what = t(alike > 1 ? "summary.nth" : "summary.first", times);
  if (isLate(signal)) return t("summary.late", { what, pressed: agoWords(ageSeconds(signal.at, nowMs), t), arrived: arrivedWords(signal, nowMs, t) });
  return t("summary.when", { what, age: agoWords(ageSeconds(signal.received_at, nowMs), t) });
}

export function arrivedWords(signal: Signal, nowMs: number, t: Translate): string {
  const age = ageSeconds(signal.received_at, nowMs);
  return age < JUST_NOW_S ? t("summary.arrived_now") : t("summary.arrived", { age: agoWords(age, t) });
}

/** Every remark the server can make has a sentence; one of a later server is shown as its bare word, never hidden. */
export function remarkWords(signal: Signal, t: Translate): string[] {
  const values = { duration: durationWords(signal.late_by_s, t) };
  return signal.remarks.map((remark) => {
    const key = `remark.${remark}`;
    const words = t(key, values);
    return words === key ? t("remark.other", { remark }) : words;
  });
}

/** A sentence for a code of the health report; an unknown code is shown with the server's own detail. */
export function problemWords(problem: { code: string; detail: string }, t: Translate): string {
  const key = `problem.${problem.code}`;
  const words = t(key);
  return words === key ? t("problem.other", { code: problem.code, detail: problem.detail }) : words;
}
