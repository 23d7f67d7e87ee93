import { useTranslation } from "react-i18next";
import type { DrillDue } from "../../src/api/types";
import { serverClock } from "../../src/time/useNow";
import type { useAct } from "../manage/useAct";
import { DrillActs } from "./DrillActs";
import { LastDrill } from "./LastDrill";
import { useWindows } from "./windows";

interface RowProps {
  item: DrillDue;
  minutes: number;
  act: ReturnType<typeof useAct>;
}

export function DrillRow({ item, minutes, act }: RowProps) {
  const { t } = useTranslation();
  const { handset, last_at: last, resident } = item;
  const isRunning = useWindows(({ byHandset }) => handset != null && byHandset[handset] !== undefined);
  return (
    <li className={isRunning ? "due-row is-running" : "due-row"}>
      <span className="due-who"><strong>{resident.name}</strong> {handset ? <code className="muted">{handset}</code> : <span className="badge warn">{t("drills.no_handset")}</span>}</span>
      {/* Ages of days need no ticking, of two hundred rows least of all. */}
      <LastDrill at={last ?? null} nowMs={serverClock.nowMs()} />
      {handset && <span className="due-acts"><DrillActs resident={resident} handset={handset} minutes={minutes} act={act} /></span>}
    </li>
  );
}
