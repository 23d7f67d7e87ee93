/** Whether the handset of somebody still speaks, in words: nothing is said of one that does. Pure. */
import type { Policy } from "../api/types";
import { ageSeconds, durationWords, minuteText, type Translate } from "../time/format";

/** 终端离线，已 3 小时 5 分. Empty while it speaks, or where nobody supervises that. */
export function linkWords({ link, link_since }: Pick<Policy, "link" | "link_since">, nowMs: number, t: Translate): string {
  if (link !== "late" && link !== "offline") return "";
  if (link_since == null) return t(`watching.${link}`);
  return t(`watching.${link}_since`, { age: durationWords(ageSeconds(link_since, nowMs), t) });
}

/** 电量预计 21:40 用完; a forecast whose time is over says so. */
export function batteryWords({ battery_empty_at }: Pick<Policy, "battery_empty_at">, nowMs: number, t: Translate): string {
  if (battery_empty_at == null || Number.isNaN(Date.parse(battery_empty_at))) return "";
  const isOver = Date.parse(battery_empty_at) <= nowMs;
  return t(isOver ? "watching.battery_over" : "watching.battery", { time: minuteText(battery_empty_at, nowMs) });
}
