/** What a station's staff said from the door: what they need, and what to do about it. Loud, and on top, until the desk has acted. */
import { useTranslation } from "react-i18next";
import { note } from "../../src/api/commands";
import type { Incident, IncidentTask } from "../../src/api/types";
import { saidOnScene } from "../../src/incident/tasks";
import { type Call, isCall } from "../../src/task/stages";
import { act } from "../commands/act";
import { showDialog } from "../state/deskStore";

/** What is done about it first. */
const FIRST: Record<Call, "handover" | "dispatch"> = { no_answer: "handover", need_ambulance: "handover", need_help: "dispatch" };

/** The place stands there while it is empty, or a screen reader would not hear the words come. */
export function LoudNeeds({ incident, isDirector }: { incident: Incident; isDirector: boolean }) {
  const tasks = incident.sounding ? saidOnScene(incident) : [];
  return (
    <div role="alert" className={tasks.length === 0 ? "hidden" : "needs-list"}>
      {tasks.map((task) => task.said != null && isCall(task.said) && <Need key={task.id} task={task} said={task.said} incident={incident} isDirector={isDirector} />)}
    </div>
  );
}

interface NeedProps {
  task: IncidentTask;
  said: Call;
  incident: Incident;
  isDirector: boolean;
}

function Need({ task, said, incident, isDirector }: NeedProps) {
  const { t } = useTranslation();
  const station = task.station.name;
  const what = t(`task.needs.${said}`);
  const seen = () => act(incident, `needs|${task.id}|${task.version}`, (key) => note(incident, t("task.needs_note", { station, what }), null, key), t("awaiting.done"));
  const dialogs = FIRST[said] === "handover" ? (["handover", "dispatch"] as const) : (["dispatch", "handover"] as const);
  return (
    <div className="notice trouble needs is-loud" data-testid="needs">
      <strong className="needs-what">{t("task.needs_loud", { station, what })}</strong>
      {isDirector && (
        <span className="trouble-acts">
          {dialogs.map((dialog, place) => (
            <button key={dialog} type="button" className={place === 0 ? "button claim" : "button"} aria-haspopup="dialog" onClick={() => showDialog(dialog)}>{t(dialog === "handover" ? "handover.button" : "dispatch.another")}</button>
          ))}
          <button type="button" className="button" onClick={() => void seen()}>{t("task.needs_seen")}</button>
        </span>
      )}
    </div>
  );
}
