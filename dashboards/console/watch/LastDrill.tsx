import { useTranslation } from "react-i18next";
import { isDrillDue } from "../../src/resident/drill";
import { ageSeconds, agoWords, timeText } from "../../src/time/format";

/** When somebody's button was last tried to the end; what is too long ago stands out. */
export function LastDrill({ at, nowMs }: { at: string | null; nowMs: number }) {
  const { t } = useTranslation();
  if (at === null) return <span className="badge warn">{t("drills.never")}</span>;
  return <span className={isDrillDue(at, nowMs) ? "badge warn" : "muted"}>{t("drills.last", { time: timeText(at, nowMs), age: agoWords(ageSeconds(at, nowMs), t) })}</span>;
}
