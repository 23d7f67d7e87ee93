/** A press that joined an incident waits for its holder; one tap says what most often happened. */
import { useTranslation } from "react-i18next";
import { note } from "../../src/api/commands";
import type { Incident } from "../../src/api/types";
import { stopwatch } from "../../src/time/format";
import { useNow } from "../../src/time/useNow";
import { act } from "../commands/act";
import { showDialog } from "../state/deskStore";

export function AnswerWanted({ incident, isMine }: { incident: Incident; isMine: boolean }) {
  const { t } = useTranslation();
  const now = useNow();
  if (incident.holder == null || incident.state === "closed") return null;
  const isOverdue = incident.attention === "everyone";
  if (!isOverdue && !incident.answer_by) return null;
  const left = incident.answer_by ? Math.ceil((Date.parse(incident.answer_by) - now) / 1000) : 0;
  const words = isOverdue ? t("incident.answer_overdue") : left > 0 ? t("incident.answer_by", { time: stopwatch(left) }) : t("incident.answer_over");
  const spoke = () => act(incident, "spoke", (key) => note(incident, t("incident.spoke"), "resident", key), t("outcome.noted"));
  return (
    <div className="notice bad answer" role="alert">
      <span>{words}</span>
      {isMine && <button type="button" className="button on-bad" onClick={() => void spoke()}>{t("incident.spoke")}</button>}
      {isMine && <button type="button" className="button on-bad" onClick={() => showDialog("note")}>{t("incident.note")}</button>}
    </div>
  );
}
