/** All that happened, the latest first. A step back stands there unasked: it is what a family must not overlook. */
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { Incident, IncidentEvent } from "../../src/api/types";
import { accountOf, type Told } from "../../src/family/progress";
import { timeText } from "../../src/time/format";
import { useNow } from "../../src/time/useNow";

interface AccountProps {
  incident: Incident;
  events: readonly IncidentEvent[];
}

/** The latest news, where it is a step back. */
export function StepBack({ incident, events }: AccountProps) {
  const [latest] = accountOf(incident, events);
  if (!latest?.back || incident.state === "closed") return null;
  return <ul className="account account-back" data-testid="back"><Line line={latest} /></ul>;
}

export function Account({ incident, events, isError, children }: AccountProps & { isError: boolean; children?: ReactNode }) {
  const { t } = useTranslation();
  const lines = accountOf(incident, events);
  return (
    <>
      {isError && <p className="muted">{t("stage.account_failed")}</p>}
      {(lines.length > 0 || children) && (
        <details className="account-all" data-testid="account">
          <summary>{t("stage.account")}</summary>
          {children}
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
