import { useTranslation } from "react-i18next";
import type { Incident, IncidentEvent, IncidentTask, Station } from "../../src/api/types";
import type { Placed } from "../../src/incident/responders";
import { troubleOf } from "../../src/incident/tasks";
import { isCall, isLive, type Step, steps, timesOf } from "../../src/task/stages";
import { timeLeft } from "../../src/task/words";
import { stopwatch, timeText } from "../../src/time/format";
import { useNow } from "../../src/time/useNow";
import { showDialog } from "../state/deskStore";
import { ResponderLine } from "./ResponderLine";
import { StationTelephone } from "./StationTelephone";
import { TaskTrouble } from "./TaskTrouble";

interface RowProps {
  task: IncidentTask;
  incident: Incident;
  events: readonly IncidentEvent[];
  /** As it is now; null while it is not known. */
  station: Station | null;
  /** Where somebody of it is, if they let that be seen. */
  responder: Placed | null;
  isDirector: boolean;
}

const TONES: Partial<Record<IncidentTask["state"], string>> = { declined: "badge bad", failed: "badge bad", offered: "badge warn", withdrawn: "badge" };

export function TaskRow({ task, incident, events, station, responder, isDirector }: RowProps) {
  const { t } = useTranslation();
  const now = useNow();
  const { name } = task.station;
  const isOpen = isLive(task);
  return (
    <li className={isOpen ? "task" : "task ended"} data-task={task.state} aria-label={name}>
      <div className="task-head">
        <strong className="task-name">{name}</strong>
        <span className={TONES[task.state] ?? "badge good"}>{t(`task.state.${task.state}`)}</span>
        <span className="muted">{t("task.since", { time: timeText(task.since, now) })}</span>
        {task.responder && <span>{t("task.who", { name: task.responder })}</span>}
        <Due task={task} />
        {isOpen && station && <StationTelephone station={name} number={station.telephone} />}
        {isOpen && isDirector && (
          <span className="task-acts">
            <button type="button" className="button small" aria-label={t("task.behalf_of", { station: name })} onClick={() => showDialog({ kind: "behalf", task: task.id })}>{t("task.behalf")}</button>
            <button type="button" className="button small" aria-label={t("task.withdraw_of", { station: name })} onClick={() => showDialog({ kind: "withdraw", task: task.id })}>{t("task.withdraw")}</button>
          </span>
        )}
      </div>
      {isOpen && task.said && <p className={isCall(task.said) ? "notice warn said-last" : "muted said-last"}>{t("task.needs_last", { context: task.state, what: t(`task.needs.${task.said}`, { context: task.state }) })}</p>}
      <Stepper task={task} events={events} />
      {responder && <ResponderLine responder={responder} state={task.state} />}
      {task.note && <p className="muted">{t("task.told", { note: task.note })}</p>}
      {task.words && <p className="task-words">{t(task.state === "declined" || task.state === "failed" || task.state === "withdrawn" ? "task.why" : "task.said", { words: task.words })}</p>}
      <TaskTrouble task={task} kind={troubleOf(task, incident) ?? (isOpen && task.state === "offered" && station?.online === false ? "offline" : null)} station={station} isDirector={isDirector} />
    </li>
  );
}

function Due({ task }: { task: IncidentTask }) {
  const { t } = useTranslation();
  const now = useNow();
  const left = timeLeft(task, now);
  // How often a word has not come already, the words below say.
  if (left === null || task.overdue > 0) return null;
  return <span className={left.kind === "over" ? "badge bad" : "muted"}>{t(left.kind === "over" ? "task.due_over" : "task.due", { time: stopwatch(left.seconds) })}</span>;
}

const PLACES: Record<Step["is"], string> = { passed: "done", skipped: "done", now: "now", ahead: "to-come" };

function Stepper({ task, events }: { task: IncidentTask; events: readonly IncidentEvent[] }) {
  const { t } = useTranslation();
  const now = useNow();
  // What ended early has no stages to come.
  const shown = steps(task, timesOf(task.id, events)).filter(({ is }) => isLive(task) || is !== "ahead");
  return (
    <ol className="steps">
      {shown.map(({ stage, is, at }) => (
        <li key={stage} className={`step step-${PLACES[is]}`} aria-current={is === "now" ? "step" : undefined}>
          <span className="step-name"><span aria-hidden="true">{is === "ahead" ? "○" : is === "now" ? "◉" : "●"}</span> {t(`task.step.${stage}`)}</span>
          <small>{at ? timeText(at, now) : is === "ahead" ? <><span aria-hidden="true">–</span><span className="hidden">{t("task.to_come")}</span></> : t("task.untimed")}</small>
        </li>
      ))}
    </ol>
  );
}
