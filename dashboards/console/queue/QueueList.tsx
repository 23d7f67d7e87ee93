/** The live queue. */
import { useEffect, useMemo, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Incident } from "../../src/api/types";
import { inQueueOrder, isUnclaimed } from "../../src/incident/queue";
import { summaryWords, whoWords } from "../../src/incident/words";
import { serverClock, useNow } from "../../src/time/useNow";
import { useDesk, useMe } from "../state/deskStore";
import { useLive } from "../state/liveStore";
import { QueueRow } from "./QueueRow";

export function QueueList() {
  const { t } = useTranslation();
  const now = useNow();
  const me = useMe();
  const byId = useLive((live) => live.incidents);
  const { selected, opened, claiming } = useDesk();
  const queue = useMemo(() => inQueueOrder(Object.values(byId)), [byId]);
  useSelectionKept(queue, selected, opened);
  const unclaimed = queue.filter(isUnclaimed).length;
  return (
    <section className="queue" id="queue" tabIndex={-1} aria-labelledby="queue-title">
      <div className="queue-head">
        <h2 id="queue-title">{t("app.queue")}</h2>
        <span className="muted" data-testid="queue-count">{t("queue.count", { n: queue.length, unclaimed })}</span>
      </div>
      <NewsForListeners queue={queue} />
      {queue.length === 0 ? (
        <p className="queue-empty"><strong>{t("queue.empty")}</strong><br />{t("queue.empty_hint")}</p>
      ) : (
        <ul className="rows" aria-label={t("queue.columns")}>
          {queue.map((incident) => (
            <QueueRow
              key={incident.id}
              incident={incident}
              now={now}
              me={me?.username ?? ""}
              isSelected={incident.id === selected}
              isOpened={incident.id === opened}
              isClaiming={claiming.has(incident.id)}
            />
          ))}
        </ul>
      )}
    </section>
  );
}

/** Something is always selected while there is anything, and it stays selected while other rows come and go. */
function useSelectionKept(queue: Incident[], selected: string | null, opened: string | null): void {
  useEffect(() => {
    if (queue.some((incident) => incident.id === selected) || (opened !== null && selected === opened)) return;
    useDesk.setState({ selected: queue[0]?.id ?? null });
  }, [queue, selected, opened]);
}

/** Says new incidents to a screen reader without moving anything. */
function NewsForListeners({ queue }: { queue: Incident[] }) {
  const received = useDesk((desk) => desk.received);
  const { t } = useTranslation();
  const known = useRef<Set<string> | null>(null);
  const [words, setWords] = useState("");
  useEffect(() => {
    const fresh = queue.filter((incident) => isUnclaimed(incident) && known.current !== null && !known.current.has(incident.id));
    known.current = new Set(queue.map((incident) => incident.id));
    if (fresh.length === 0) return;
    const now = serverClock.nowMs();
    setWords(fresh.map((each) => `${t(`severity.${each.severity}`)} ${whoWords(each, t)} ${summaryWords(each, now, t)}`).join("; "));
  }, [queue, t]);
  const given = queue.filter((each) => received[each.id] !== undefined).map((each) => t("transfer.received_words", { name: received[each.id], who: whoWords(each, t) }));
  return (
    <>
      <p className="hidden" role="status">{words}</p>
      <div role="status">{given.map((each) => <p key={each} className="notice warn given">{each}</p>)}</div>
    </>
  );
}
