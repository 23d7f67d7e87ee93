/**
 * Whether anybody watches over somebody at all, and whether their handset still speaks. Read once with the card, for it is a look.
 */
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { readPolicy } from "../../src/api/fences";
import type { ResidentCard } from "../../src/api/types";
import { batteryWords, linkWords } from "../../src/resident/link";
import { timeText } from "../../src/time/format";
import { serverClock, useNow } from "../../src/time/useNow";
import { watchingOf } from "../manage/keys";
import { ONLY_WHEN_ASKED } from "../manage/usePages";

interface LineProps {
  card: ResidentCard;
  /** Why, where no incident is open; empty where one is. */
  reason: string;
}

export function WatchingLine({ card, reason }: LineProps) {
  const { t } = useTranslation();
  const now = useNow();
  const found = useQuery({
    ...ONLY_WHEN_ASKED,
    queryKey: [...watchingOf(card.id), reason],
    staleTime: 60_000,
    queryFn: async () => {
      const policy = await readPolicy(card.id, reason);
      if (policy.kind !== "done") throw new Error("how somebody is watched could not be read");
      return { policy: policy.value, readAt: new Date(serverClock.nowMs()).toISOString() };
    },
  });
  if (found.isPending) return null;
  if (!found.data) {
    return <p role="status" className="notice warn">{t("watching.failed")} <button type="button" className="button small" onClick={() => void found.refetch()}>{t("incident.retry")}</button></p>;
  }
  const { policy, readAt } = found.data;
  const told = [linkWords(policy, now, t), batteryWords(policy, now, t)].filter((words) => words !== "");
  return (
    <div data-testid="watching">
      {!policy.watched && <NobodyWatches />}
      {told.length > 0 && (
        <p className={policy.link === "offline" ? "notice bad" : "notice warn"}>
          {told.join(t("watching.and"))} <small className="muted">{t("watching.read_at", { time: timeText(readAt, now) })}</small>
        </p>
      )}
    </div>
  );
}

/** So that nobody takes somebody for watched over who only has a button. */
export function NobodyWatches() {
  const { t } = useTranslation();
  return <p className="notice warn">{t("watching.nobody")}</p>;
}
