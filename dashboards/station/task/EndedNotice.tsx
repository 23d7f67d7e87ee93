/** A task that ended while it was on the screen: how, and whether somebody must turn round. It stays until it is tapped away. */
import { useTranslation } from "react-i18next";
import type { Notice } from "../../src/task/board";
import { withoutNotice } from "../../src/task/board";
import { timeText, type Translate } from "../../src/time/format";
import { useNow } from "../../src/time/useNow";
import { onBoard, useStation } from "../state/store";
import { Sent } from "./Acts";
import { UndoButton } from "./UndoButton";

export function EndedNotice({ notice }: { notice: Notice }) {
  const { t } = useTranslation();
  const now = useNow();
  const { task, name, own } = notice;
  const sent = useStation((station) => station.board.acts[task.id]);
  return (
    <section className={own ? "ended-notice good" : "ended-notice bad"} role={own ? "status" : "alert"} data-testid="ended-notice">
      <p className="notice-who"><strong>{name ?? t("notice.nobody")}</strong> <span>{timeText(task.since, now)}</span></p>
      <p className="notice-what">{what(notice, t)}</p>
      {(task.state === "withdrawn" || notice.gone) && <p>{t("notice.stop")}</p>}
      {sent ? <Sent task={task} sent={sent} /> : <UndoButton task={task} />}
      <button type="button" className="button big" onClick={() => onBoard((board) => withoutNotice(board, task.id))}>{t("notice.dismiss")}</button>
    </section>
  );
}

function what({ task, own, gone }: Notice, t: Translate): string {
  if (gone) return t("notice.gone");
  if (own) return t(`notice.own.${task.state}`);
  return task.state === "withdrawn" && task.words === "" ? t("notice.withdrawn_plain") : t(`notice.${task.state}`, { words: task.words });
}
