/** Takes back the step just taken from this screen, as long as that goes. */
import { useTranslation } from "react-i18next";
import type { Task } from "../../src/api/types";
import { undoLeftSeconds } from "../../src/task/stages";
import { useNow } from "../../src/time/useNow";
import { useStation } from "../state/store";
import { send } from "./act";

export function UndoButton({ task }: { task: Task }) {
  const { t } = useTranslation();
  const now = useNow();
  const stepped = useStation((station) => station.board.stepped[task.id]);
  const left = stepped === task.version ? undoLeftSeconds(task, now) : 0;
  if (left === 0) return null;
  return <button type="button" className="button act undo" onClick={() => send(task, "undo")}>↶ {t("quick.undo", { n: left })}</button>;
}
