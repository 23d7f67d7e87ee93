/** A station that does not go, or of which nothing is heard: what it is, and what to do next. */
import { useTranslation } from "react-i18next";
import type { IncidentTask, Station } from "../../src/api/types";
import type { TroubleKind } from "../../src/incident/tasks";
import { showDialog } from "../state/deskStore";
import { StationTelephone } from "./StationTelephone";

interface TroubleProps {
  task: IncidentTask;
  kind: TroubleKind | "offline" | null;
  station: Station | null;
  isDirector: boolean;
}

export function TaskTrouble({ task, kind, station, isDirector }: TroubleProps) {
  const { t } = useTranslation();
  const { name } = task.station;
  const isOver = kind === "declined" || kind === "failed";
  const isGrave = isOver || kind === "silent";
  // The place stands there while it is empty, or a screen reader would not hear the words come.
  return (
    <div role="alert" className={kind === null ? "hidden" : `notice trouble ${isGrave ? "bad" : "warn"}`}>
      {kind !== null && <span>{t(`task.trouble.${kind}`, { station: name })}</span>}
      {kind !== null && !isOver && station && <StationTelephone station={name} number={station.telephone} />}
      {isGrave && isDirector && (
        <span className="trouble-acts">
          <button type="button" className="button small" onClick={() => showDialog("dispatch")}>{t("dispatch.another")}</button>
          <button type="button" className="button small" onClick={() => showDialog("handover")}>{t("handover.button")}</button>
        </span>
      )}
    </div>
  );
}
