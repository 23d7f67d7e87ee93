/** Who was told of the incident, on screens and outside them. Asked for when somebody wants to see it: every look goes on record. */
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { readNotices } from "../../src/api/reach";
import type { Incident, Notice } from "../../src/api/types";
import { endedFor, inNoticeOrder, isScreen, isUnsettled, stagesOf, standingOf, sumOf, wordsOf } from "../../src/reach/notices";
import { timeText, type Translate } from "../../src/time/format";
import { serverClock } from "../../src/time/useNow";
import { isAtDesk } from "../commands/rights";
import { ListState } from "../manage/ListState";
import { ONLY_WHEN_ASKED } from "../manage/usePages";
import { useMe } from "../state/deskStore";
import { tookWords, Why } from "./ChannelRow";

/** While something may still be sent. */
const ASKED_EVERY_MS = 10_000;

export function NoticesPanel({ incident }: { incident: Incident }) {
  const { t } = useTranslation();
  const me = useMe();
  const [isShown, setShown] = useState(false);
  if (!isAtDesk(me) || incident.unsaved) return null;
  return (
    <section className="panel area-notices" aria-labelledby="notices-title" data-testid="notices">
      <div className="notices-head">
        <h3 id="notices-title">{t("notices.title")}</h3>
        <button type="button" className="button small" aria-expanded={isShown} onClick={() => setShown(!isShown)}>{t(isShown ? "notices.hide" : "notices.show")}</button>
      </div>
      {isShown && <Notices incident={incident} />}
    </section>
  );
}

function Notices({ incident }: { incident: Incident }) {
  const { t } = useTranslation();
  const list = useQuery({
    ...ONLY_WHEN_ASKED,
    queryKey: ["notices", incident.id, incident.version],
    queryFn: () => readNotices(incident.id),
    placeholderData: (before) => before,
    staleTime: 0,
    refetchInterval: ({ state }) => (incident.state !== "closed" && state.data?.some(isUnsettled) ? ASKED_EVERY_MS : false),
  });
  const items = list.data ?? [];
  const sum = sumOf(items);
  return (
    <>
      <p className="muted">{t("notices.explain")}</p>
      <ListState of={list} empty={items.length === 0 && t("notices.none")} />
      {items.length > 0 && (
        <p role="status" className="row-acts">
          <span>{t("notices.sum", { n: sum.all, sent: sum.sent })}{sum.arrived > 0 && t("notices.sum_arrived", { n: sum.arrived })}{sum.answered > 0 && t("notices.sum_answered", { n: sum.answered })}</span> {sum.failed > 0 && <span className="badge bad">{t("notices.sum_failed", { n: sum.failed })}</span>}
        </p>
      )}
      <ul className="notices">{inNoticeOrder(items).map((notice) => <Item key={notice.id} notice={notice} />)}</ul>
      <p className="row-acts">
        <button type="button" className="button small" disabled={list.isFetching} onClick={() => void list.refetch()}>{t("notices.renew")}</button>
        {sum.sent > 0 && <small className="muted">{t("notices.sent_means")}</small>}
      </p>
    </>
  );
}

const LOOKS: Record<string, string> = {
  sent: "badge good", delivered: "badge good", seen: "badge good", acknowledged: "badge good", failed: "badge bad", undelivered: "badge bad", undelivered_again: "badge bad", waiting: "badge warn",
};

/** 16:05:01 送出，往返 5 毫秒 · 16:05:03 到手机 · 16:05:20 接听或读过 */
function whenWords(notice: Notice, now: number, t: Translate): string {
  const { due_at: due, next_at: next, state, took_ms: took } = notice;
  const stages = stagesOf(notice).map(({ stage, at }) => t(`${wordsOf(notice, stage)}.${stage}`, { time: timeText(at, now), took: tookWords(took ?? 0, t) }));
  if (state === "failed" && next) stages.push(t("notices.next", { time: timeText(next, now) }));
  return stages.length === 0 && due ? t("notices.due", { time: timeText(due, now) }) : stages.join(" · ");
}

function Item({ notice }: { notice: Notice }) {
  const { t } = useTranslation();
  const now = serverClock.nowMs();
  const { state, channel, address, attempts, why } = notice;
  const end = endedFor(notice);
  const when = whenWords(notice, now, t);
  const standing = standingOf(notice);
  return (
    <li className={`notice-${state}`} data-state={state}>
      <span className="notice-who"><strong>{notice.recipient}</strong> <span className="muted">{t(`notices.kind.${notice.recipient_kind}`)} · {t("notices.by", { channel: t(`channel.${channel}`), address })}</span></span>
      <span className={LOOKS[standing] ?? "badge"}>{t(`${wordsOf(notice, standing)}.state.${standing}`)}</span>
      <span className="muted">{when}{attempts > 1 && ` · ${t("notices.attempts", { n: attempts })}`}</span>
      {state === "ended" && end.kind === "over" && <p className="muted">{t("notices.over")}</p>}
      {state === "ended" && end.kind === "held" && <p className="muted">{t("notices.has_it", { name: end.by })}</p>}
      {state === "ended" && (end.kind === "task_settled" || end.kind === "withheld" || end.kind === "replaced" || end.kind === "too_old") && <p className="muted">{t(`notices.${end.kind}`)}</p>}
      {why && !isScreen(notice) && (state === "failed" || (state === "ended" && end.kind === "given_up")) && <div><Why why={why} /></div>}
    </li>
  );
}
