/** How many incidents there are, how many nobody has taken, and how long the longest of them waits. */
import { useTranslation } from "react-i18next";
import { isUnclaimed, waitingSeconds } from "../../src/incident/queue";
import { stopwatch } from "../../src/time/format";
import { useNow } from "../../src/time/useNow";
import { useLive } from "../state/liveStore";

export function WaitingWords() {
  const { t } = useTranslation();
  const now = useNow();
  const open = Object.values(useLive((live) => live.incidents));
  const unclaimed = open.filter(isUnclaimed);
  const longest_s = Math.max(0, ...unclaimed.map((incident) => waitingSeconds(incident, now) ?? 0));
  return (
    <div className={unclaimed.length > 0 ? "lock-waiting is-urgent" : "lock-waiting"}>
      <p role="status" data-testid="lock-count">
        <span>{t("lock.open", { n: open.length })}</span>
        <strong>{t("lock.unclaimed", { n: unclaimed.length })}</strong>
      </p>
      {/* Outside of what is read out: it changes every second. */}
      {unclaimed.length > 0 && <p>{t("lock.longest", { time: stopwatch(longest_s) })}</p>}
    </div>
  );
}
