/**
 * Whether anybody watches over somebody at all, and whether their handset still speaks. Read once with the card, for it is a look;
 * where a supervisor has to review each look, no more of it than says whether they are watched.
 */
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { readFences, readPolicy } from "../../src/api/fences";
import type { ResidentCard } from "../../src/api/types";
import { batteryWords, linkIn, linkWords } from "../../src/resident/link";
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
      const [policy, fences] = await Promise.all([readPolicy(card.id, reason), reason === "" ? readFences(card.id, reason) : null]);
      if (policy.kind !== "done") throw new Error("how somebody is watched could not be read");
      return { isWatched: policy.value.watched, link: linkIn(policy.value, fences?.kind === "done" ? fences.value : null), readAt: new Date(serverClock.nowMs()).toISOString() };
    },
  });
  if (found.isPending) return null;
  if (!found.data) {
    return <p role="status" className="notice warn">{t("watching.failed")} <button type="button" className="button small" onClick={() => void found.refetch()}>{t("incident.retry")}</button></p>;
  }
  const { isWatched, link, readAt } = found.data;
  const told = [link && linkWords(link, now, t), link && batteryWords(link, now, t)].filter((words) => words !== null && words !== "");
  return (
    <div data-testid="watching">
      {!isWatched && <NobodyWatches />}
      {told.length > 0 && (
        <p className={link?.link === "offline" ? "notice bad" : "notice warn"}>
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
