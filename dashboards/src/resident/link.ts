/** Whether the handset of somebody still speaks, in words: nothing is said of one that does. Pure. */
import type { LinkTold } from "../api/types";
import { ageSeconds, durationWords, minuteText, type Translate } from "../time/format";

const tellsLink = (value: unknown): value is LinkTold => typeof value === "object" && value !== null && "link" in value && typeof value.link === "string";

/** What the first of them says that says anything; a list is looked through, and where somebody stands to each fence. */
export function linkIn(...answers: readonly unknown[]): LinkTold | null {
  for (const answer of answers) {
    if (tellsLink(answer)) return answer;
    const { items, standing } = (answer ?? {}) as { items?: unknown; standing?: unknown };
    const within = Array.isArray(items) ? linkIn(...items) : standing == null ? null : linkIn(standing);
    if (within) return within;
  }
  return null;
}

/** 终端离线，已 3 小时 5 分. Empty while it speaks, or where nobody supervises that. */
export function linkWords({ link, link_since }: LinkTold, nowMs: number, t: Translate): string {
  if (link !== "late" && link !== "offline") return "";
  if (link_since == null) return t(`watching.${link}`);
  return t(`watching.${link}_since`, { age: durationWords(ageSeconds(link_since, nowMs), t) });
}

/** 电量预计 21:40 用完; a forecast whose time is over says so. */
export function batteryWords({ battery_empty_at }: LinkTold, nowMs: number, t: Translate): string {
  if (battery_empty_at == null || Number.isNaN(Date.parse(battery_empty_at))) return "";
  const isOver = Date.parse(battery_empty_at) <= nowMs;
  return t(isOver ? "watching.battery_over" : "watching.battery", { time: minuteText(battery_empty_at, nowMs) });
}
