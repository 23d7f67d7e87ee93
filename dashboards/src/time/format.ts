/** Times and ages as people read them. All times are shown in the district's own zone, whatever the desk is set to. */
export type Translate = (key: string, values?: Record<string, unknown>) => string;

const ZONE = "Asia/Shanghai";
const time = new Intl.DateTimeFormat("zh-CN", { timeZone: ZONE, hour12: false, hour: "2-digit", minute: "2-digit", second: "2-digit" });
const day = new Intl.DateTimeFormat("en-CA", { timeZone: ZONE, year: "numeric", month: "2-digit", day: "2-digit" });

export const timeOfDay = (ms: number): string => time.format(ms);
export const dateOf = (ms: number): string => day.format(ms);

/** The time alone if it was today, otherwise with its date. */
export function timeText(iso: string, nowMs: number): string {
  const ms = Date.parse(iso);
  if (Number.isNaN(ms)) return iso;
  return dateOf(ms) === dateOf(nowMs) ? timeOfDay(ms) : `${dateOf(ms)} ${timeOfDay(ms)}`;
}

/** To the minute, for whoever only wants to know when: 16:05, or 11-22 16:05 if it was another day. */
export function minuteText(iso: string, nowMs: number): string {
  const ms = Date.parse(iso);
  if (Number.isNaN(ms)) return iso;
  const minute = timeOfDay(ms).slice(0, 5);
  return dateOf(ms) === dateOf(nowMs) ? minute : `${dateOf(ms).slice(5)} ${minute}`;
}

/** What a date-and-time field of the browser says, read in the zone's own time; it has no summer time. */
export const fieldTime = (local: string): string => `${local.length === 16 ? `${local}:00` : local}+08:00`;

/** Whole seconds from `iso` to now; a time in the future is no age at all and counts as zero. */
export function ageSeconds(iso: string, nowMs: number): number {
  const ms = Date.parse(iso);
  return Number.isNaN(ms) ? 0 : Math.max(0, Math.floor((nowMs - ms) / 1000));
}

/** A length of time in words: 40 秒, 5 分钟, 3 小时 12 分, 2 天. */
export function durationWords(seconds: number, t: Translate): string {
  if (seconds < 60) return t("age.seconds", { n: seconds });
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return t("age.minutes", { n: minutes });
  const hours = Math.floor(minutes / 60);
  if (hours < 24) return t("age.hours", { n: hours, minutes: minutes % 60 });
  return t("age.days", { n: Math.floor(hours / 24) });
}

export const agoWords = (seconds: number, t: Translate): string => t("age.ago", { duration: durationWords(seconds, t) });

/** A running watch: 0:40, 12:05, 1:02:03. */
export function stopwatch(seconds: number): string {
  const two = (n: number) => String(n).padStart(2, "0");
  const hours = Math.floor(seconds / 3600);
  const minutes = Math.floor((seconds % 3600) / 60);
  return hours > 0 ? `${hours}:${two(minutes)}:${two(seconds % 60)}` : `${minutes}:${two(seconds % 60)}`;
}
