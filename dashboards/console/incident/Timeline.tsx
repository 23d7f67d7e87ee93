/** What happened to the incident, newest last. Asked for anew whenever its version moves. */
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { api } from "../../src/api/client";
import type { Incident, IncidentEvent } from "../../src/api/types";
import { timeText } from "../../src/time/format";
import { useNow } from "../../src/time/useNow";
import { useCodes } from "./useCodes";

export function Timeline({ incident }: { incident: Incident }) {
  const { t } = useTranslation();
  const events = useQuery({
    queryKey: ["events", incident.id, incident.version],
    enabled: !incident.unsaved,
    placeholderData: (before) => before,
    queryFn: async () => {
      const { data } = await api.GET("/api/incidents/{id}/events", { params: { path: { id: incident.id } } });
      if (!data) throw new Error("the events could not be read");
      return data.items;
    },
  });
  const items = events.data ?? [];
  return (
    <section className="panel area-timeline" aria-labelledby="timeline-title" data-testid="timeline">
      <h3 id="timeline-title">{t("timeline.title")}</h3>
      {events.isError && <p role="alert">{t("incident.failed")} <button type="button" className="button" onClick={() => void events.refetch()}>{t("incident.retry")}</button></p>}
      {items.length === 0 && !events.isError && <p className="muted">{t("timeline.empty")}</p>}
      <ol className="timeline">
        {items.map((event) => <EventItem key={event.version} event={event} incident={incident} />)}
      </ol>
    </section>
  );
}

function EventItem({ event, incident }: { event: IncidentEvent; incident: Incident }) {
  const { t } = useTranslation();
  const now = useNow();
  const { labelOf } = useCodes();
  const signal = incident.signals.find((each) => each.id === event.signal);
  const isTakeOver = event.kind === "claimed" && event.text != null && event.text !== event.by;
  const key = isTakeOver ? "timeline.taken_over" : `timeline.${event.kind}`;
  const values = { by: event.by ?? t("timeline.system"), step: event.ladder_step ?? "", from: event.text };
  const words = t(key, values);
  return (
    <li className={`event event-${event.kind}`}>
      <time dateTime={event.at}>{timeText(event.at, now)}</time>
      <div>
        <strong>{words === key ? event.kind : words}</strong>
        {signal && <span> · {t(`kind.${signal.kind}`)}{signal.cancel && ` (${t("signals.cancel")})`}</span>}
        {event.contact && <span className="badge">{t("timeline.contact", { contact: labelOf("contacts", event.contact) })}</span>}
        {event.text && event.kind !== "claimed" && <p>{event.text}</p>}
      </div>
    </li>
  );
}
