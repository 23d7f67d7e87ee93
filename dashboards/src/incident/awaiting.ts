/** Signals that joined and wait for the holder: each is news of its own. Pure; the language comes in as `t`. */
import type { Incident, Signal } from "../api/types";
import { ageSeconds, agoWords, type Translate } from "../time/format";

/** The newest first: it is what the person does now. */
export function awaited(incident: Incident): Signal[] {
  const waits = new Set(incident.awaiting);
  return incident.signals.filter(({ id }) => waits.has(id)).sort((left, right) => Date.parse(right.received_at) - Date.parse(left.received_at));
}

/** The how-manieth of its kind it is, in order of arrival; cancels are not counted. */
export function ordinalOf(signal: Signal, incident: Incident): number {
  const alike = incident.signals.filter(({ kind, cancel }) => kind === signal.kind && !cancel);
  return alike.findIndex(({ id }) => id === signal.id) + 1;
}

/** 第3次求助，40秒前 · 求助后又取消，5秒前，仍须核实. */
export function awaitedWords(signal: Signal, incident: Incident, nowMs: number, t: Translate): string {
  const values = { kind: t(`kind.${signal.kind}`), n: ordinalOf(signal, incident) };
  const age = agoWords(ageSeconds(signal.received_at, nowMs), t);
  if (signal.cancel) return t("summary.cancelled", { ...values, age });
  return t("summary.when", { what: t(values.n > 1 ? "summary.nth" : "summary.first", values), age });
}
