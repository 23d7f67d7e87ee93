import { useTranslation } from "react-i18next";
import { endDrill, openDrill } from "../../src/api/desk";
import type { DrillDue, DrillWindow } from "../../src/api/types";
import { ageSeconds, agoWords, stopwatch, timeText } from "../../src/time/format";
import { serverClock, useNow } from "../../src/time/useNow";
import type { useAct } from "../manage/useAct";
import { dropWindow, keepWindow, useWindows } from "./windows";

interface RowProps {
  item: DrillDue;
  minutes: number;
  act: ReturnType<typeof useAct>;
}

export function DrillRow({ item, minutes, act }: RowProps) {
  const { t } = useTranslation();
  // Ages of days need no ticking, of two hundred rows least of all.
  const now = serverClock.nowMs();
  const { handset, last_at: last, resident } = item;
  const { name } = resident;
  const window = useWindows(({ byHandset }) => (handset ? byHandset[handset] : undefined));
  const open = (id: string) => act.run(openDrill(id, minutes), keepWindow, t("drills.opened", { name }));
  const end = (id: string) => act.run(endDrill(id), () => dropWindow(id), t("drills.ended", { name }));
  return (
    <li className={window ? "due-row is-running" : "due-row"}>
      <span className="due-who"><strong>{name}</strong> {handset ? <code className="muted">{handset}</code> : <span className="badge warn">{t("drills.no_handset")}</span>}</span>
      <span className={last ? "muted" : "badge warn"}>{last ? t("drills.last", { time: timeText(last, now), age: agoWords(ageSeconds(last, now), t) }) : t("drills.never")}</span>
      {handset && (
        <span className="due-acts">
          {window && <Running window={window} />}
          {window && <button type="button" className="button" disabled={act.busy} aria-label={t("drills.end_of", { name })} onClick={() => void end(handset)}>{t("drills.end")}</button>}
          {!window && <button type="button" className="button" disabled={act.busy} aria-label={t("drills.open_of", { name })} onClick={() => void open(handset)}>{t("drills.open")}</button>}
        </span>
      )}
    </li>
  );
}

function Running({ window }: { window: DrillWindow }) {
  const { t } = useTranslation();
  const left = Math.ceil((Date.parse(window.to) - useNow()) / 1000);
  return <span className={left > 0 ? "badge drill" : "badge"}>{left > 0 ? t("drills.running", { time: stopwatch(left) }) : t("drills.over")}</span>;
}
