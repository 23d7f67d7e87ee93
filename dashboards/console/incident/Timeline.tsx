/** What happened to the incident, newest last. */
import { useTranslation } from "react-i18next";
import type { Incident } from "../../src/api/types";
import { EventItem } from "./EventItem";
import { useEvents } from "./useEvents";

export function Timeline({ incident }: { incident: Incident }) {
  const { t } = useTranslation();
  const events = useEvents(incident);
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
