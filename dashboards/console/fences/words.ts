/** Sentences about fences: where somebody stands to one, and why one was refused. */
import type { Failed } from "../../src/api/account";
import type { Fence } from "../../src/api/types";
import { saidWords } from "../../src/problem/said";
import { ageSeconds, durationWords, type Translate } from "../../src/time/format";
import { failedWords } from "../manage/useAct";

/** Codes of the server that have a sentence here; where the fault lies follows. */
const KNOWN: ReadonlySet<string> = new Set([
  "not_a_shape", "shape_coordinate", "shape_empty", "shape_few_positions", "shape_open", "shape_flat", "shape_crosses", "shape_nested", "shape_many_positions", "shape_large", "shape_small", "shape_datum", "datum_unclear",
  "schedule", "home_by", "dwell", "changed", "id_taken", "too_large",
]);

export function refusedWords(answer: Failed, t: Translate): string {
  if (answer.kind !== "refused" || !KNOWN.has(answer.code)) return failedWords(answer, t);
  return [t(`fences.refusal.${answer.code}`), saidWords(answer.detail, t)].filter(Boolean).join(t("said.and"));
}

export function standingWords({ standing, trouble }: Fence, now: number, t: Translate): string {
  if (trouble != null) return t("fences.standing.trouble", { trouble: saidWords(trouble, t) ?? trouble });
  if (standing == null) return t("fences.standing.never");
  const age = standing.age_s == null ? "" : durationWords(standing.age_s, t);
  if (standing.side === "unknown" || standing.since == null) return age === "" ? t("fences.standing.never") : t("fences.standing.unknown", { age });
  return t(`fences.standing.${standing.side}`, { since: durationWords(ageSeconds(standing.since, now), t), age });
}
