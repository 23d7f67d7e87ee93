/** The time a station has left, in words. Pure. */
import type { Task } from "../api/types";
import { stopwatch, type Translate } from "../time/format";

export type TimeLeft = { kind: "left" | "over"; seconds: number } | null;

/** A deadline that is nearer than this is shown as pressing. */
export const PRESSING_S = 30;

export function timeLeft(task: Pick<Task, "deadline_at">, nowMs: number): TimeLeft {
  const deadline = task.deadline_at ? Date.parse(task.deadline_at) : NaN;
  if (Number.isNaN(deadline)) return null;
  const left = Math.ceil((deadline - nowMs) / 1000);
  return left > 0 ? { kind: "left", seconds: left } : { kind: "over", seconds: Math.abs(left) };
}

export type Urgency = "calm" | "pressing" | "over";

/** A word that was due before and did not come weighs on the next. */
export function urgencyOf(task: Pick<Task, "deadline_at" | "overdue">, nowMs: number): Urgency {
  const left = timeLeft(task, nowMs);
  if (task.overdue > 0 || left?.kind === "over") return "over";
  return left !== null && left.seconds <= PRESSING_S ? "pressing" : "calm";
}

/** 请在 1:30 内答复 · 答复已超时 0:20. */
export function timeLeftWords(task: Pick<Task, "state" | "deadline_at" | "overdue">, nowMs: number, t: Translate): string {
  const left = timeLeft(task, nowMs);
  if (left === null) return "";
  const what = task.state === "offered" ? "answer" : "progress";
  const words = t(`left.${what}_${left.kind}`, { time: stopwatch(left.seconds) });
  return task.overdue > 0 ? t("left.again", { words, n: task.overdue }) : words;
}
