/** Who rang: of a number the end, until whoever rings back asks for it. The asking goes on record. */
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { api } from "../../src/api/client";
import type { Incident, Signal } from "../../src/api/types";
import { read } from "../../src/api/read";
import { callerOf, canBeAsked, isMasked } from "../../src/incident/caller";
import { ONLY_WHEN_ASKED } from "../manage/usePages";

export function CallerLine({ incident, signal }: { incident: Incident; signal: Signal }) {
  const { t } = useTranslation();
  const isAsked = canBeAsked(incident, signal);
  const whole = useQuery({
    ...ONLY_WHEN_ASKED,
    queryKey: ["caller", incident.id, signal.id],
    enabled: false,
    queryFn: async () => callerOf(await read(api.GET("/api/incidents/{id}", { params: { path: { id: incident.id } } })), signal.id),
  });
  if (!signal.caller) return null;
  const told = isAsked ? (whole.data ?? signal.caller) : signal.caller;
  return (
    <p>
      {t("signals.caller")}: {told}{" "}
      {isAsked && isMasked(told) && (
        <>
          <button type="button" className="button quiet" disabled={whole.isFetching} onClick={() => void whole.refetch()}>{t("signals.show_number")}</button>
          {whole.isFetched && !whole.isFetching && <span role="alert" className="notice bad">{t("signals.number_failed")}</span>}
        </>
      )}
    </p>
  );
}
