/** What ended today. Whom it was about is no longer said. */
import { useCallback, useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { SeverityMark } from "../../console/queue/SeverityMark";
import type { Task } from "../../src/api/types";
import { inOrderOfEnd } from "../../src/task/stages";
import { dateOf, timeText } from "../../src/time/format";
import { useNow } from "../../src/time/useNow";
import { askForAll } from "./all";
import { useStation } from "../state/store";

export function EndedList() {
  const { t } = useTranslation();
  const now = useNow();
  const ended = useStation((station) => station.board.ended);
  const [asked, setAsked] = useState<"asking" | "done" | "failed">("asking");
  const ask = useCallback(() => {
    setAsked("asking");
    void askForAll().then((isDone) => setAsked(isDone ? "done" : "failed"));
  }, []);
  useEffect(ask, [ask]);
  const today = inOrderOfEnd(Object.values(ended)).filter((task) => dateOf(Date.parse(task.since)) === dateOf(now));
  return (
    <>
      <h2 className="hidden">{t("tab.ended")}</h2>
      {asked === "failed" && <p role="alert" className="notice bad">{t("ended.failed")} <button type="button" className="button big" onClick={ask}>{t("ended.retry")}</button></p>}
      {asked === "asking" && today.length === 0 && <p role="status" className="nothing">{t("ended.loading")}</p>}
      {asked === "done" && today.length === 0 && <p className="nothing">{t("ended.empty")}</p>}
      {today.length > 0 && <p className="count">{t("ended.explain")}</p>}
      <ul className="ended-list">{today.map((task) => <Ended key={task.id} task={task} now={now} />)}</ul>
    </>
  );
}

function Ended({ task, now }: { task: Task; now: number }) {
  const { t } = useTranslation();
  return (
    <li className="ended-row" data-state={task.state}>
      <p className="ended-head">
        <strong className={`state state-${task.state}`}>{t(`state.${task.state}`)}</strong> <SeverityMark severity={task.severity} />
        {task.drill && <span className="badge drill">{t("task.drill")}</span>}
      </p>
      <p className="muted">{t("ended.asked", { time: timeText(task.offered_at, now) })} · {t("ended.at", { time: timeText(task.since, now) })}{task.responder != null && ` · ${t("task.responder", { name: task.responder })}`}</p>
      {task.words !== "" && <p>{t("ended.words", { words: task.words })}</p>}
    </li>
  );
}
