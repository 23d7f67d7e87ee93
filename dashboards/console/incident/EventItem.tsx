/** One thing that happened, in a sentence. */
import { useTranslation } from "react-i18next";
import type { Incident, IncidentEvent } from "../../src/api/types";
import { handedOver } from "../../src/incident/tasks";
import { timeText, type Translate } from "../../src/time/format";
import { useNow } from "../../src/time/useNow";
import { incidentAddress } from "../state/route";
import { useCodes } from "./useCodes";

/** Its text is the id of another incident. */
const NAMES_ANOTHER: ReadonlySet<IncidentEvent["kind"]> = new Set(["merged_from", "merged_into", "split_off"]);

/** The words of an event: its sentence, and what was said with it. */
function wordsOf(event: IncidentEvent, incident: Incident, t: Translate): { sentence: string; said: string } {
  const by = event.by ?? t("timeline.system");
  const said = event.text ?? "";
  const station = incident.tasks.find((task) => task.id === event.task)?.station.name ?? t("timeline.some_station");
  switch (event.kind) {
    case "claimed":
      return { sentence: t(said !== "" && said !== event.by ? "timeline.taken_over" : "timeline.claimed", { by, from: said }), said: "" };
    case "task_moved": {
      const state = t(`task.state.${event.task_state}`);
      return { sentence: t(event.by ? "timeline.task_moved_by" : "timeline.task_moved", { station, state, by }), said };
    }
    case "task_overdue":
      return { sentence: t("timeline.task_overdue", { station }), said };
    case "task_undone":
      return { sentence: t("timeline.task_undone", { station, state: t(`task.state.${event.task_state}`) }), said };
    case "said_on_scene":
    case "answered":
      return { sentence: t(`timeline.${event.kind}`, { station, by }), said };
    case "merged_from":
    case "merged_into":
    case "split_off":
      return { sentence: t(`timeline.${event.kind}`, { by }), said: "" };
    case "transferred":
      return { sentence: t("timeline.transferred", { by, to: said }), said: "" };
    case "handed_over": {
      const { to, words } = handedOver(said);
      return { sentence: t("timeline.handed_over", { by, to }), said: words };
    }
    default: {
      const key = `timeline.${event.kind}`;
      const sentence = t(key, { by, step: event.ladder_step ?? "" });
      return { sentence: sentence === key ? event.kind : sentence, said };
    }
  }
}

export function EventItem({ event, incident }: { event: IncidentEvent; incident: Incident }) {
  const { t } = useTranslation();
  const now = useNow();
  const { labelOf } = useCodes();
  const signal = incident.signals.find((each) => each.id === event.signal);
  const { sentence, said } = wordsOf(event, incident, t);
  const other = NAMES_ANOTHER.has(event.kind) ? event.text : null;
  return (
    <li className={["event", `event-${event.kind}`, event.task_state && `event-task-${event.task_state}`].filter(Boolean).join(" ")}>
      <time dateTime={event.at}>{timeText(event.at, now)}</time>
      <div>
        <strong>{sentence}</strong>
        {signal && <span> · {t(`kind.${signal.kind}`)}{signal.cancel && ` (${t("signals.cancel")})`}</span>}
        {event.contact && <span className="badge">{t("timeline.contact", { contact: labelOf("contacts", event.contact) })}</span>}
        {said && <p className="event-said">{said}</p>}
        {other && <p><a href={incidentAddress(other)}>{t("timeline.open_other")}</a></p>}
      </div>
    </li>
  );
}
