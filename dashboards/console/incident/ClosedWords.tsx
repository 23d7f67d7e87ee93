import { useTranslation } from "react-i18next";
import type { Incident } from "../../src/api/types";
import { canBeReopened } from "../../src/incident/tasks";
import { timeText } from "../../src/time/format";
import { useNow } from "../../src/time/useNow";
import { isAtDesk } from "../commands/rights";
import { showDialog, useDesk, useMe } from "../state/deskStore";
import { ReopenDialog } from "./ReopenDialog";
import { useCodes } from "./useCodes";

export function ClosedWords({ incident }: { incident: Incident }) {
  const { t } = useTranslation();
  const now = useNow();
  const me = useMe();
  const dialog = useDesk((desk) => desk.dialog);
  const { labelOf } = useCodes();
  const { closed } = incident;
  if (!closed) return null;
  return (
    <div className="notice good closed-words" data-testid="closed">
      <p>
        {t("incident.closed", {
          by: closed.by,
          time: timeText(closed.at, now),
          cause: labelOf("causes", closed.cause),
          outcome: labelOf("outcomes", closed.outcome),
        })}
        {closed.note && <><br />{closed.note}</>}
        {closed.snooze_until != null && <><br />{t("snooze.until", { time: timeText(closed.snooze_until, now) })}</>}
      </p>
      {isAtDesk(me) && canBeReopened(incident, now) && <button type="button" className="button" aria-haspopup="dialog" onClick={() => showDialog("reopen")}>{t("reopen.button")}</button>}
      {dialog === "reopen" && <ReopenDialog incident={incident} />}
    </div>
  );
}
