/**
 * Stands in the tasks' place while nobody touches the telephone: how many there are, and whether something is wrong with one, never
 * about whom or where.
 *
 * With a visit to be made it goes by one touch, for nobody at a door must wait for a password; who picks up the telephone is the
 * telephone's own lock's affair. With none it goes by the password.
 */
import { useTranslation } from "react-i18next";
import type { Session, Task } from "../../src/api/types";
import { countOverdue, countUntaken } from "../../src/task/board";
import { inOrder } from "../../src/task/stages";
import { uncover } from "../shift/cover";
import { useStation } from "../state/store";
import { News } from "../task/News";
import { useCard } from "../task/useCard";
import { UnlockForm } from "./UnlockForm";

export function Cover({ me }: { me: Session }) {
  const { t } = useTranslation();
  const all = useStation((station) => station.board.tasks);
  const notices = useStation((station) => station.board.notices);
  const untaken = useStation((station) => countUntaken(station.board));
  const late = useStation((station) => countOverdue(station.board));
  const wasUp = useStation((station) => station.wasUp);
  const tasks = inOrder(Object.values(all));
  const waiting = tasks.filter((task) => task.state === "offered").length;
  const isToStop = notices.some(({ task, gone }) => gone || task.state === "withdrawn");
  return (
    <main id="tasks" className="tasks cover" tabIndex={-1} data-testid="cover">
      <News isNamed={false} />
      <h2>{t("cover.title")}</h2>
      <p className="muted">{t("cover.explain")}</p>
      <p role="status"><strong>{tasks.length > 0 ? t("live.count", { n: tasks.length, waiting }) : t(wasUp ? "live.empty" : "live.loading")}</strong></p>
      {untaken > 0 && <p className="notice bad" role="alert" data-testid="cover-untaken">{t("cover.untaken", { n: untaken })}</p>}
      {late > 0 && <p className="notice bad" role="alert" data-testid="cover-overdue">{t("cover.overdue", { n: late })}</p>}
      {notices.length > 0 && <p className="notice bad">{t("cover.ended", { n: notices.length })}{isToStop && ` ${t("notice.stop")}`}</p>}
      {tasks.length > 0 ? <button type="button" className="button primary cover-open" onClick={uncover}>{t("cover.open")}</button> : <UnlockForm username={me.username} />}
      {tasks.map((task) => <KeptCard key={task.id} task={task} />)}
    </main>
  );
}

/** What was read of the person before stays at hand: at the door there may be no network. Nothing is read anew behind a cover. */
function KeptCard({ task }: { task: Task }) {
  useCard(task, false);
  return null;
}
