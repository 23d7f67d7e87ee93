/** Where the person of an incident is, and who is on the way to them. */
import { useTranslation } from "react-i18next";
import type { Incident } from "../../src/api/types";
import { shownPosition } from "../../src/incident/position";
import { isResponderStale, respondersOf } from "../../src/incident/responders";
import { ageSeconds, agoWords } from "../../src/time/format";
import { useNow } from "../../src/time/useNow";
import { ResponderLine } from "../dispatch/ResponderLine";
import { useLive } from "../state/liveStore";
import { PlacePart } from "./PlacePart";
import { useResidentCard } from "./ResidentPanel";

export function PositionPanel({ incident }: { incident: Incident }) {
  const { t } = useTranslation();
  const now = useNow();
  const live = useLive((state) => (incident.handset ? state.positions[incident.handset] : undefined));
  const card = useResidentCard(incident);
  const known = useLive((state) => state.responders);
  const responders = respondersOf(incident, known);
  const marks = responders.map((one) => ({
    ...one.position, key: one.task, isStale: isResponderStale(one, now), label: t("responder.mark", { station: one.station.name, age: agoWords(ageSeconds(one.position.at, now), t) }),
  }));
  const trackOf = incident.resident != null && incident.state !== "closed" ? { resident: incident.resident.id, reason: "" } : null;
  return (
    <section className="panel area-position" aria-labelledby="position-title" data-testid="position">
      <h3 id="position-title">{t("position.title")} {incident.drill && <span className="badge drill">{t("queue.drill")}</span>}</h3>
      <PlacePart position={shownPosition(incident, live)} home={card.data?.home ?? null} trackOf={trackOf} marks={marks}>
        {responders.map((one) => <ResponderLine key={one.task} responder={one} state={incident.tasks.find(({ id }) => id === one.task)?.state} />)}
      </PlacePart>
    </section>
  );
}
