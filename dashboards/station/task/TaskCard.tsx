/** One task: who, where, since when, how long there is, what the desk says; then what to press; then all else. */
import { useTranslation } from "react-i18next";
import { SeverityMark } from "../../console/queue/SeverityMark";
import type { Task } from "../../src/api/types";
import { summaryWords } from "../../src/incident/words";
import { timeLeftWords, urgencyOf } from "../../src/task/words";
import { ageSeconds, agoWords } from "../../src/time/format";
import { useNow } from "../../src/time/useNow";
import { useStation } from "../state/store";
import { Acts } from "./Acts";
import { PersonPart } from "./PersonPart";
import { SharePart } from "../sharing/SharePart";
import { PlacePart } from "./PlacePart";
import { Stepper } from "./Stepper";
import { CallButton } from "./Telephone";
import { useCard } from "./useCard";

/** Beside the task there is room for the rest; below it, a task that waits keeps short while there are others. */
const isWide = (): boolean => window.matchMedia("(min-width: 900px)").matches;

export function TaskCard({ task, alone }: { task: Task; alone: boolean }) {
  const { t } = useTranslation();
  const now = useNow();
  const card = useCard(task);
  const incident = useStation((station) => station.incidents[task.incident_id]);
  const left = timeLeftWords(task, now, t);
  const name = task.resident?.name ?? t("task.unknown");
  return (
    <article className={`task task-${task.severity} is-${task.state}`} aria-labelledby={`name-${task.id}`} data-testid="task" data-state={task.state}>
      <div className="task-main">
        <p className="task-top">
          <SeverityMark severity={task.severity} /> <strong className={`state state-${task.state}`}>{t(`state.${task.state}`)}</strong>
          {task.drill && <span className="badge drill">{t("task.drill")}</span>}
          <span className="task-since">{t("task.since", { age: agoWords(ageSeconds(task.offered_at, now), t) })}</span>
        </p>
        <h3 id={`name-${task.id}`} className="task-name">{name}</h3>
        {incident && <p className="task-what">{summaryWords(incident, now, t)}</p>}
        <p className="task-where">{task.resident ? (card.data ? (card.data.address ?? t("person.no_address")) : t(card.isError ? "person.failed" : "person.loading")) : t("task.unbound")}</p>
        {card.data && (card.data.cognitive_impairment || card.data.allergies.length > 0) && (
          <p className="tags">
            {card.data.cognitive_impairment && <span className="badge bad">{t("person.cognitive")}</span>}
            {card.data.allergies.length > 0 && <span className="badge bad">{t("person.allergic", { words: card.data.allergies.join("、") })}</span>}
          </p>
        )}
        {left !== "" && <p className={`left left-${urgencyOf(task, now)}`} data-testid="left">{left}</p>}
        <p className={task.note === "" ? "desk-note muted" : "desk-note"}>{task.note === "" ? t("task.no_note") : <><small>{t("task.from_desk")}</small><span>{task.note}</span></>}</p>
        {task.words !== "" && <p className="muted">{t("task.said", { words: task.words })}</p>}
        <Acts task={task} />
        {card.data?.telephone && <CallButton number={card.data.telephone} name={name} />}
        <Stepper task={task} />
        <SharePart task={task} />
        {(task.responder != null || incident?.holder) && (
          <p className="muted">
            {[task.responder != null && t("task.responder", { name: task.responder }), incident?.holder && t("task.taken_by", { name: incident.holder.username })].filter(Boolean).join(" · ")}
          </p>
        )}
      </div>
      <details className="task-more" open={alone || task.state !== "offered" || isWide()}>
        <summary>{t("person.title")} · {t("place.title")}</summary>
        {task.resident && <PersonPart card={card} />}
        <PlacePart task={task} home={card.data?.home ?? null} />
      </details>
    </article>
  );
}
