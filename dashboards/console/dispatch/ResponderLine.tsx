/** Where somebody of a station is who is under way, in words; the mark is the one on the map. */
import { useTranslation } from "react-i18next";
import type { IncidentTask } from "../../src/api/types";
import { isResponderStale, type Placed, responderWords } from "../../src/incident/responders";
import { useNow } from "../../src/time/useNow";

interface LineProps {
  responder: Placed;
  state: IncidentTask["state"] | undefined;
}

export function ResponderLine({ responder, state }: LineProps) {
  const { t } = useTranslation();
  const now = useNow();
  return (
    <p className={isResponderStale(responder, now) ? "responder stale" : "responder"} data-testid="responder">
      <span aria-hidden="true">◆</span> {t("responder.who", { station: responder.station.name, name: responder.responder })} · {responderWords(responder, state, now, t)}
    </p>
  );
}
