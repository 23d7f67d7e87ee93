/** What the station's staff said from the door: what they need, and what to do about it. Loud until the desk has acted. */
import { useTranslation } from "react-i18next";
import { note } from "../../src/api/commands";
import type { Incident, IncidentTask, OnScene } from "../../src/api/types";
import { isLive } from "../../src/task/stages";
import { act } from "../commands/act";
import { showDialog } from "../state/deskStore";

interface NeedsProps {
  task: IncidentTask;
  incident: Incident;
  isDirector: boolean;
}

/** Who is rung first about it. */
const FIRST: Record<OnScene, "handover" | "dispatch"> = { no_answer: "handover", need_ambulance: "handover", need_help: "dispatch" };

export function TaskNeeds({ task, incident, isDirector }: NeedsProps) {
  const { t } = useTranslation();
  const said = isLive(task) ? (task.said ?? null) : null;
  const isLoud = incident.sounding;
  const { name } = task.station;
  const what = said === null ? "" : t(`task.needs.${said}`);
  const seen = () => act(incident, `needs|${task.id}|${task.version}`, (key) => note(incident, t("task.needs_note", { station: name, what }), null, key), t("awaiting.done"));
  // The place stands there while it is empty, or a screen reader would not hear the words come.
  return (
    <div role="alert" className={said === null ? "hidden" : `notice trouble needs ${isLoud ? "bad is-loud" : "warn"}`} data-testid="needs">
      {said !== null && <strong className="needs-what">{t("task.needs_loud", { station: name, what })}</strong>}
      {said !== null && isDirector && (
        <span className="trouble-acts">
          {(FIRST[said] === "handover" ? (["handover", "dispatch"] as const) : (["dispatch", "handover"] as const)).map((dialog, place) => (
            <button key={dialog} type="button" className={place === 0 && isLoud ? "button claim" : "button"} aria-haspopup="dialog" onClick={() => showDialog(dialog)}>{t(dialog === "handover" ? "handover.button" : "dispatch.another")}</button>
          ))}
          {isLoud && <button type="button" className="button" onClick={() => void seen()}>{t("task.needs_seen")}</button>}
        </span>
      )}
    </div>
  );
}
