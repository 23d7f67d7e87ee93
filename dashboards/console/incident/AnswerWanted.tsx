/** Signals that joined wait for the holder, each with its own button; one tap says what most often happened. */
import { useTranslation } from "react-i18next";
import { note } from "../../src/api/commands";
import { confirm } from "../../src/api/dispatch";
import type { Incident, Signal } from "../../src/api/types";
import { awaited, awaitedWords } from "../../src/incident/awaiting";
import { stopwatch, type Translate } from "../../src/time/format";
import { useNow } from "../../src/time/useNow";
import { act } from "../commands/act";
import { showDialog } from "../state/deskStore";
import { useLive } from "../state/liveStore";

function warning(incident: Incident, now: number, t: Translate): string {
  if (incident.holder_lost) return t("lost.words", { name: incident.holder?.username });
  if (incident.attention === "everyone") return t("incident.answer_overdue");
  const left = incident.answer_by ? Math.ceil((Date.parse(incident.answer_by) - now) / 1000) : 0;
  return left > 0 ? t("incident.answer_by", { time: stopwatch(left) }) : t("incident.answer_over");
}

export function AnswerWanted({ incident, isMine, isDirector }: { incident: Incident; isMine: boolean; isDirector: boolean }) {
  const { t } = useTranslation();
  const now = useNow();
  if (incident.holder == null || incident.state === "closed") return null;
  const waiting = awaited(incident);
  if (incident.attention !== "everyone" && !incident.holder_lost && !incident.answer_by && waiting.length === 0) return null;
  const seen = (signals: Signal[]) => {
    const ids = signals.map(({ id }) => id);
    return act(incident, `confirm|${ids.join()}`, (key) => confirm(incident, ids, key), t("awaiting.done"));
  };
  // Whoever spoke with the person has seen what is listed here; the note alone would confirm none of it.
  const spoke = async () => {
    if (waiting.length > 0 && !(await seen(waiting))) return;
    const latest = useLive.getState().incidents[incident.id] ?? incident;
    await act(latest, "spoke", (key) => note(latest, t("incident.spoke"), "resident", key), t("outcome.noted"));
  };
  return (
    <div className="notice bad answer" role="alert" data-testid="answer">
      <p className="answer-head">
        <span>{warning(incident, now, t)}</span>
        <span className="answer-acts">
          {isMine && <button type="button" className="button on-bad" onClick={() => void spoke()}>{t("incident.spoke")}</button>}
          {isMine && <button type="button" className="button on-bad" onClick={() => showDialog("note")}>{t("incident.note")}</button>}
          {isDirector && waiting.length > 1 && <button type="button" className="button on-bad" onClick={() => void seen(waiting)}>{t("awaiting.all")}</button>}
        </span>
      </p>
      {waiting.length > 0 && (
        <ul className="awaiting" aria-label={t(isMine ? "awaiting.title" : "awaiting.title_other")}>
          {waiting.map((signal) => {
            const what = awaitedWords(signal, incident, now, t);
            return (
              <li key={signal.id}>
                <span>{what}</span>
                {/* Without the age: a name that changes every second is read out every second. */}
                {isDirector && <button type="button" className="button seen" aria-label={t("awaiting.seen_of", { what: what.split(/[，,]/)[0] })} onClick={() => void seen([signal])}>✓ {t("awaiting.seen")}</button>}
              </li>
            );
          })}
        </ul>
      )}
    </div>
  );
}
