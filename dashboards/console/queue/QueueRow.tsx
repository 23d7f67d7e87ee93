/** One incident in the queue: all signals of one resident are one row. */
import { useTranslation } from "react-i18next";
import type { Incident } from "../../src/api/types";
import { ageingOf, RED_AFTER_S, waitingSeconds, YELLOW_AFTER_S } from "../../src/incident/queue";
import { isLate, summaryWords, whoWords } from "../../src/incident/words";
import { atIt, saidOnScene, troubleOf, troubles } from "../../src/incident/tasks";
import { stopwatch } from "../../src/time/format";
import { claimIncident } from "../commands/act";
import { mayClaim } from "../commands/rights";
import { rowId } from "../shell/useKeys";
import { useDesk, useMe } from "../state/deskStore";
import { openIncident } from "../state/route";
import { SeverityMark } from "./SeverityMark";

interface RowProps {
  incident: Incident;
  now: number;
  me: string;
  isSelected: boolean;
  isOpened: boolean;
  isClaiming: boolean;
}

export function QueueRow({ incident, now, me, isSelected, isOpened, isClaiming }: RowProps) {
  const { t } = useTranslation();
  const who = useMe();
  const ageing = ageingOf(incident, now);
  const claimWords = t(incident.state === "raised" ? "incident.claim" : "incident.take_over");
  const classes = ["row", `row-${incident.severity}`, `ageing-${ageing}`, isSelected && "is-selected", isOpened && "is-opened"];
  return (
    <li className={classes.filter(Boolean).join(" ")} data-incident={incident.id}>
      <button id={rowId(incident.id)} type="button" className="row-main" aria-current={isOpened ? "true" : undefined} onClick={() => openIncident(incident.id)}>
        <span className="row-top">
          <SeverityMark severity={incident.severity} />
          <strong className="row-who">{whoWords(incident, t)}</strong>
          <Badges incident={incident} />
        </span>
        <span className="row-what">{summaryWords(incident, now, t)}</span>
        <HolderLine incident={incident} me={me} isClaiming={isClaiming} />
      </button>
      <span className="row-side">
        <Waiting incident={incident} now={now} />
        {mayClaim(incident, who) && !isClaiming && (
          <button type="button" className="button claim small" aria-label={`${claimWords}: ${whoWords(incident, t)}`} onClick={() => { openIncident(incident.id); void claimIncident(incident); }}>
            {claimWords}
          </button>
        )}
      </span>
    </li>
  );
}

function Badges({ incident }: { incident: Incident }) {
  const { t } = useTranslation();
  return (
    <>
      {incident.unsaved && <span className="badge bad">{t("queue.unsaved")}</span>}
      {incident.drill && <span className="badge drill">{t("queue.drill")}</span>}
      {incident.signals.some(isLate) && <span className="badge">{t("queue.late")}</span>}
      {incident.attention === "everyone" && <span className="badge warn">{t("queue.everyone")}</span>}
    </>
  );
}

/** Somebody gave it to whoever sits here, and it has not been opened since. */
function ReceivedMark({ incident }: { incident: Incident }) {
  const { t } = useTranslation();
  const isReceived = useDesk((desk) => desk.received[incident.id] !== undefined);
  return isReceived ? <em className="badge warn">{t("transfer.received")}</em> : null;
}

/** Stations that do not go, or need something at the door, in sight of every desk. */
function Troubles({ incident }: { incident: Incident }) {
  const { t } = useTranslation();
  const needs = incident.sounding ? saidOnScene(incident) : [];
  return (
    <>
      {needs.map((task) => <span key={`${task.id}-needs`} className="badge bad">{t("task.needs_loud", { station: task.station.name, what: t(`task.needs.${task.said}`) })}</span>)}
      {troubles(incident).map((task) => (
        <span key={task.id} className="badge bad">{t(`task.row.${troubleOf(task, incident)}`, { station: task.station.name })}</span>
      ))}
    </>
  );
}

function HolderLine({ incident, me, isClaiming }: { incident: Incident; me: string; isClaiming: boolean }) {
  const { t } = useTranslation();
  if (isClaiming) return <span className="row-holder claiming">{t("queue.claiming")}</span>;
  const { holder } = incident;
  const going = atIt(incident).length;
  const stations = going > 0 && ` · ${t("task.count", { n: going })}`;
  if (!holder) return <span className="row-holder unclaimed">{t("state.raised")}{stations}</span>;
  const isMine = holder.username === me;
  return (
    <span className={isMine ? "row-holder mine" : "row-holder"}>
      {isMine ? t("queue.mine") : t("queue.held_by", { name: holder.username })}
      {incident.state !== "claimed" && ` · ${t(`state.${incident.state}`)}`}{stations}
      <ReceivedMark incident={incident} />
      <Troubles incident={incident} />
      {incident.holder_lost && <span className="badge bad">{t("lost.badge")}</span>}
      {incident.answer_by && <em className="badge warn">{t("queue.answer")}</em>}
    </span>
  );
}

function Waiting({ incident, now }: { incident: Incident; now: number }) {
  const { t } = useTranslation();
  const waited = waitingSeconds(incident, now);
  if (waited === null) return null;
  const ageing = ageingOf(incident, now);
  const limit = ageing === "red" ? RED_AFTER_S : YELLOW_AFTER_S;
  return (
    <span className={`waiting waiting-${ageing}`} title={ageing === "fresh" ? undefined : t("queue.over", { n: limit })}>
      {ageing !== "fresh" && <span aria-hidden="true">! </span>}
      {t("queue.waiting", { time: stopwatch(waited) })}
    </span>
  );
}
