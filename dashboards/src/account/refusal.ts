/** The words for what the server did not do about an account or a screen. */
import type { Failed } from "../api/account";
import type { Translate } from "../time/format";
import { saidWords } from "../problem/said";
import { DEFAULT_RETRY_AFTER_S } from "../session/session";

/** Codes that have a sentence of their own here. */
const KNOWN: ReadonlySet<string> = new Set(["bad_credentials", "bad_code", "has_second_factor", "name_taken", "invitation_void", "locked"]);

export function refusalWords(answer: Failed, t: Translate): string {
  if (answer.kind === "unreached") return t("account.refusal.unreached");
  if (answer.code === "throttled") return t("login.throttled", { n: answer.retry_after_s ?? DEFAULT_RETRY_AFTER_S });
  if (KNOWN.has(answer.code)) return t(`account.refusal.${answer.code}`);
  const own = saidWords(answer.detail, t);
  if (own !== null) return t("account.refusal.other", { detail: own });
  if (answer.code === "forbidden") return t("account.refusal.forbidden");
  return t("account.refusal.other", { detail: answer.detail || answer.code || answer.status });
}
