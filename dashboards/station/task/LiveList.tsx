/** The tasks that have not ended, and above them what ended while it was on the screen. */
import { useEffect } from "react";
import { useTranslation } from "react-i18next";
import { inOrder } from "../../src/task/stages";
import { useStation } from "../state/store";
import { EndedNotice } from "./EndedNotice";
import { TaskCard } from "./TaskCard";

export function LiveList() {
  const { t } = useTranslation();
  const all = useStation((station) => station.board.tasks);
  const notices = useStation((station) => station.board.notices);
  const wasUp = useStation((station) => station.wasUp);
  const tasks = inOrder(Object.values(all));
  const waiting = tasks.filter((task) => task.state === "offered").length;
  return (
    <>
      <News />
      <h2 className="hidden">{t("tab.live")}</h2>
      {notices.map((notice) => <EndedNotice key={notice.task.id} notice={notice} />)}
      {tasks.length > 0 && <p className="count">{t("live.count", { n: tasks.length, waiting })}</p>}
      {tasks.map((task) => <TaskCard key={task.id} task={task} alone={tasks.length === 1} />)}
      {tasks.length === 0 && (
        <div className="nothing">
          <p><strong>{t(wasUp ? "live.empty" : "live.loading")}</strong></p>
          {wasUp && <p className="muted">{t("live.empty_hint")}</p>}
        </div>
      )}
    </>
  );
}

/** Says aloud to those who do not see it, and in the title of a covered page, that a task waits. */
function News() {
  const { t } = useTranslation();
  const all = useStation((station) => station.board.tasks);
  const waiting = inOrder(Object.values(all)).filter((task) => task.state === "offered");
  const names = waiting.map((task) => `${task.resident?.name ?? t("task.unknown")}（${t(`severity.${task.severity}`)}）`).join("、");
  useEffect(() => {
    document.title = waiting.length > 0 ? t("live.title", { n: waiting.length }) : t("app.title");
  }, [t, waiting.length]);
  return <p className="hidden" role="alert" aria-live="assertive">{names === "" ? "" : t("live.news", { names })}</p>;
}
