/** Says aloud to those who do not see it, and in the title of a covered page, that a task waits. */
import { useEffect } from "react";
import { useTranslation } from "react-i18next";
import { inOrder } from "../../src/task/stages";
import { useStation } from "../state/store";

export function News({ isNamed }: { isNamed: boolean }) {
  const { t } = useTranslation();
  const all = useStation((station) => station.board.tasks);
  const waiting = inOrder(Object.values(all)).filter((task) => task.state === "offered");
  const names = waiting.map((task) => `${task.resident?.name ?? t("task.unknown")}（${t(`severity.${task.severity}`)}）`).join("、");
  const words = isNamed ? t("live.news", { names }) : t("cover.news", { n: waiting.length });
  useEffect(() => {
    document.title = waiting.length > 0 ? t("live.title", { n: waiting.length }) : t("app.title");
  }, [t, waiting.length]);
  return <p className="hidden" role="alert" aria-live="assertive">{waiting.length > 0 ? words : ""}</p>;
}
