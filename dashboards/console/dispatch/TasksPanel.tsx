/** The stations that were asked to go, and how far each has come. */
import { useTranslation } from "react-i18next";
import type { Incident } from "../../src/api/types";
import { respondersOf } from "../../src/incident/responders";
import { atIt, inTaskOrder } from "../../src/incident/tasks";
import { mayDirect } from "../commands/rights";
import { useEvents } from "../incident/useEvents";
import { useDesk, useMe } from "../state/deskStore";
import { useLive } from "../state/liveStore";
import { BehalfDialog } from "./BehalfDialog";
import { TaskRow } from "./TaskRow";
import { useStations } from "./useStations";
import { WithdrawDialog } from "./WithdrawDialog";

export function TasksPanel({ incident }: { incident: Incident }) {
  const { t } = useTranslation();
  const me = useMe();
  const dialog = useDesk((desk) => desk.dialog);
  const events = useEvents(incident);
  const known = useLive((state) => state.responders);
  const hasLive = atIt(incident).length > 0;
  const stations = useStations(hasLive);
  if (incident.tasks.length === 0) return null;
  const about = dialog !== null && typeof dialog === "object" && (dialog.kind === "behalf" || dialog.kind === "withdraw") ? dialog : null;
  const task = incident.tasks.find((each) => each.id === about?.task);
  const responders = respondersOf(incident, known);
  const isDirector = mayDirect(incident, me);
  return (
    <section className="panel tasks" aria-labelledby="tasks-title" data-testid="tasks">
      <h3 id="tasks-title">{t("task.title")} {hasLive && <small className="muted">{t("task.count", { n: atIt(incident).length })}</small>}</h3>
      <ul>
        {inTaskOrder(incident.tasks).map((each) => (
          <TaskRow
            key={each.id} task={each} incident={incident} events={events.data ?? []} isDirector={isDirector}
            station={stations.data?.find((station) => station.id === each.station.id) ?? null}
            responder={responders.find((one) => one.task === each.id) ?? null}
          />
        ))}
      </ul>
      {about?.kind === "behalf" && task && <BehalfDialog incident={incident} task={task} />}
      {about?.kind === "withdraw" && task && <WithdrawDialog incident={incident} task={task} />}
    </section>
  );
}
