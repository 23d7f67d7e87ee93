/** A report of a fall in words: how likely it was one, what was asked and what was heard. Pure. */
import type { FallReport } from "../api/types";
import { timeText, type Translate } from "../time/format";

export type Likelihood = "sure" | "likely" | "possible" | "unlikely" | "unjudged";

/** From so much on. */
const LIKELIHOODS: readonly (readonly [least: number, Likelihood])[] = [[0.9, "sure"], [0.6, "likely"], [0.3, "possible"], [0, "unlikely"]];

export function likelihoodOf(probability: FallReport["probability"]): Likelihood {
  if (probability == null) return "unjudged";
  return LIKELIHOODS.find(([least]) => probability >= least)?.[1] ?? "unjudged";
}

/** 很可能是跌倒（72 %）. What could not be judged has no figure. */
export function likelihoodWords({ probability }: FallReport, t: Translate): string {
  const likelihood = likelihoodOf(probability);
  return t(`falls.likelihood.${likelihood}`, { n: Math.round((probability ?? 0) * 100) });
}

/** What became of the question; an answer without a sentence here is told as it came. */
export function askedWords({ asked_at, reply }: FallReport, nowMs: number, t: Translate): string {
  const key = `falls.replies.${reply}`;
  const words = t(key);
  const heard = reply == null ? t("falls.no_reply") : words === key ? reply : words;
  return t("falls.asked", { time: timeText(asked_at, nowMs), heard });
}

/** So much later than it happened it was heard of, and that is told. */
const LATE_S = 60;

export const cameLate = ({ at, received_at }: FallReport): boolean => Date.parse(received_at) - Date.parse(at) > LATE_S * 1_000;
