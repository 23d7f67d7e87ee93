/** All that happened, the latest first. The latest step back stands there unasked: it is what a family must not overlook. */
import { useTranslation } from "react-i18next";
import type { Incident, IncidentEvent } from "../../src/api/types";
import { accountOf, type Told } from "../../src/family/progress";
import { timeText } from "../../src/time/format";
import { useNow } from "../../src/time/useNow";

export function Account({ incident, events, isError }: { incident: Incident; events: readonly IncidentEvent[]; isError: boolean }) {
  const { t } = useTranslation();
  const lines = accountOf(incident, events);
  const [latest] = lines;
  return (
    <>
      {latest?.back && incident.state !== "closed" && <ul className="account account-back" data-testid="back"><Line line={latest} /></ul>}
      {isError && <p className="muted">{t("stage.account_failed")}</p>}
      {lines.length > 0 && (
        <details className="account-all" data-testid="account">
          <summary>{t("stage.account")}</summary>
          <ol className="account">{lines.map((line) => <Line key={`${line.at}${line.key}`} line={line} />)}</ol>
        </details>
      )}
    </>
  );
}

function Line({ line }: { line: Told }) {
  const { t } = useTranslation();
  const now = useNow();
  const words = t(`told.${line.key}`, { station: line.station ?? t("stage.some_station") });
  return (
    <li className={line.back ? "account-line back" : "account-line"}>
      <time dateTime={line.at}>{timeText(line.at, now)}</time> <span>{line.back && <><span aria-hidden="true">↩ </span><span className="hidden">{t("stage.back")}: </span></>}{words}</span>
    </li>
  );
}
