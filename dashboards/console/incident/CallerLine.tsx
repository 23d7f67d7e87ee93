/** Who rang: of a number the end, until whoever rings back asks for it. The asking goes on record. */
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { api } from "../../src/api/client";
import type { Incident, Signal } from "../../src/api/types";
import { callerOf, canBeAsked, isMasked } from "../../src/incident/caller";

export function CallerLine({ incident, signal }: { incident: Incident; signal: Signal }) {
  const { t } = useTranslation();
  const isAsked = canBeAsked(incident, signal);
  const whole = useQuery({
    queryKey: ["caller", incident.id, signal.id],
    enabled: false,
    queryFn: async () => callerOf((await api.GET("/api/incidents/{id}", { params: { path: { id: incident.id } } })).data, signal.id),
  });
  if (!signal.caller) return null;
  const told = isAsked ? (whole.data ?? signal.caller) : signal.caller;
  return (
    <p>
      {t("signals.caller")}: {told}{" "}
      {isAsked && isMasked(told) && (
        <button type="button" className="button quiet" disabled={whole.isFetching} onClick={() => void whole.refetch()}>{t("signals.show_number")}</button>
      )}
    </p>
  );
}
