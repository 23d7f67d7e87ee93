import { useTranslation } from "react-i18next";
import type { Incident } from "../../src/api/types";
import { timeText } from "../../src/time/format";
import { useNow } from "../../src/time/useNow";
import { useCodes } from "./useCodes";

export function ClosedWords({ incident }: { incident: Incident }) {
  const { t } = useTranslation();
  const now = useNow();
  const { labelOf } = useCodes();
  const { closed } = incident;
  if (!closed) return null;
  return (
    <p className="notice good" data-testid="closed">
      {t("incident.closed", {
        by: closed.by,
        time: timeText(closed.at, now),
        cause: labelOf("causes", closed.cause),
        outcome: labelOf("outcomes", closed.outcome),
      })}
      {closed.note && <><br />{closed.note}</>}
    </p>
  );
}
