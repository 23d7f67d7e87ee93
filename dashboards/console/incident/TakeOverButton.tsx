import { useTranslation } from "react-i18next";
import type { Incident } from "../../src/api/types";
import { takeOver } from "../commands/act";
import { ask } from "../manage/ask";
import { useLive } from "../state/liveStore";

/** Whoever holds it feels it at once, so it is asked first. */
export function TakeOverButton({ incident }: { incident: Incident }) {
  const { t } = useTranslation();
  const name = incident.holder?.username ?? "";
  const confirmed = async () => {
    // It may have moved on while the question stood there.
    const { incidents, closed } = useLive.getState();
    await takeOver(incidents[incident.id] ?? closed[incident.id] ?? incident, name);
  };
  return (
    <button type="button" className="button" aria-haspopup="dialog" onClick={() => ask(t("transfer.take_ask", { name }), t("transfer.take_what", { name }), t("transfer.take"), confirmed)}>
      {t("transfer.take")}
    </button>
  );
}
