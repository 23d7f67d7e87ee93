/** Says aloud to those who do not see it, and in the title of a covered page, that somebody calls for help. */
import { useEffect } from "react";
import { useTranslation } from "react-i18next";
import { calling } from "../../src/family/board";
import { whatWords } from "../../src/family/words";
import { serverClock } from "../../src/time/useNow";
import { useFamily } from "../state/store";

export function News() {
  const { t } = useTranslation();
  const board = useFamily((family) => family.board);
  const waiting = calling(board);
  const name = waiting[0]?.resident?.name ?? "";
  useEffect(() => {
    document.title = waiting.length > 0 ? t("news.title", { name }) : t("app.title");
    // Where the page goes, the name goes with it.
    return () => { document.title = t("app.title"); };
  }, [t, waiting.length, name]);
  const words = waiting.map((incident) => whatWords(incident.resident?.name ?? "", incident, serverClock.nowMs(), t)).join("；");
  return <p className="hidden" role="alert" aria-live="assertive">{words === "" ? "" : t("news.opened", { words })}</p>;
}
