import { useTranslation } from "react-i18next";
import type { Incident, Signal } from "../../src/api/types";
import { remarkWords } from "../../src/incident/words";
import { timeText } from "../../src/time/format";
import { useNow } from "../../src/time/useNow";
import { CallerLine } from "./CallerLine";
import { WhyRaised } from "./WhyRaised";

export function SignalList({ incident }: { incident: Incident }) {
  const { t } = useTranslation();
  const newestFirst = [...incident.signals].sort((left, right) => Date.parse(right.received_at) - Date.parse(left.received_at));
  return (
    <section className="panel area-signals" aria-labelledby="signals-title">
      <h3 id="signals-title">{t("signals.title")} <small className="muted">{incident.signals.length}</small></h3>
      <ul className="signals">
        {newestFirst.map((signal) => <SignalItem key={signal.id} incident={incident} signal={signal} />)}
      </ul>
    </section>
  );
}

function SignalItem({ incident, signal }: { incident: Incident; signal: Signal }) {
  const { t } = useTranslation();
  const now = useNow();
  return (
    <li>
      <strong>{t(`kind.${signal.kind}`)}{signal.cancel && ` · ${t("signals.cancel")}`}</strong>{" "}
      {signal.at !== signal.received_at && <span>{t(signal.kind === "press" ? "signals.pressed" : "why.began", { time: timeText(signal.at, now) })} · </span>}
      <span>{t("signals.received", { time: timeText(signal.received_at, now) })}</span>
      <CallerLine incident={incident} signal={signal} />
      {signal.words && <p>{t("signals.words")}: {signal.words}</p>}
      <WhyRaised signal={signal} />
      {signal.remarks.length > 0 && (
        <ul className="remarks">{remarkWords(signal, t).map((words) => <li key={words}>{words}</li>)}</ul>
      )}
    </li>
  );
}
