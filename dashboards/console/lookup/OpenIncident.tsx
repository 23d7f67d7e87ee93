import { useTranslation } from "react-i18next";
import type { Incident, Named } from "../../src/api/types";
import { useLive } from "../state/liveStore";
import { openIncident } from "../state/route";

export const useOpenIncidentOf = (resident: string): Incident | undefined =>
  useLive(({ incidents }) => Object.values(incidents).find((incident) => incident.resident?.id === resident && incident.state !== "closed"));

/** Whoever has an open incident is seen whole on its page, and needs no reason. */
export function OpenIncident({ resident }: { resident: Named }) {
  const { t } = useTranslation();
  const open = useOpenIncidentOf(resident.id);
  if (!open) return null;
  return (
    <p className="notice warn row-acts" role="status">
      <span>{t("lookup.has_open", { name: resident.name })}</span>
      <button type="button" className="button" onClick={() => openIncident(open.id)}>{t("lookup.to_incident")}</button>
    </p>
  );
}
