/** What stands beside the queue while no incident is opened: how to begin, and what was closed lately. */
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { api } from "../../src/api/client";
import { timeText } from "../../src/time/format";
import { whoWords } from "../../src/incident/words";
import { useNow } from "../../src/time/useNow";
import { SeverityMark } from "../queue/SeverityMark";
import { useLive } from "../state/liveStore";
import { openIncident } from "../state/route";

/** As many as fit a screen. */
const SHOWN = 20;

export function Overview() {
  const { t } = useTranslation();
  const now = useNow();
  const closedHere = useLive((live) => Object.keys(live.closed).length);
  const recent = useQuery({
    queryKey: ["incidents", "closed", closedHere],
    queryFn: async () => (await api.GET("/api/incidents", { params: { query: { state: "closed", limit: SHOWN } } })).data?.items ?? [],
    placeholderData: (before) => before,
  });
  const items = recent.data ?? [];
  return (
    <section className="page overview" aria-labelledby="overview-title">
      <h2 id="overview-title">{t("incident.none")}</h2>
      <p className="muted">{t("incident.none_hint")}</p>
      <h3>{t("recent.title")}</h3>
      {items.length === 0 ? <p className="muted">{t("recent.empty")}</p> : (
        <ul className="recent">
          {items.map((incident) => (
            <li key={incident.id}>
              <button type="button" className="recent-row" onClick={() => openIncident(incident.id)}>
                <SeverityMark severity={incident.severity} />
                <span>{whoWords(incident, t)}</span>
                <span className="muted">{incident.closed ? `${timeText(incident.closed.at, now)} ${incident.closed.by}` : ""}</span>
              </button>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}
