/** The tasks that have not ended, and above them what ended while it was on the screen. */
import { useTranslation } from "react-i18next";
import { inOrder } from "../../src/task/stages";
import { useStation } from "../state/store";
import { EndedNotice } from "./EndedNotice";
import { News } from "./News";
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
      <News isNamed />
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
