/** What a relative can let the desk know in one touch, and what became of each word. It closes nothing. */
import { type FormEvent, useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Incident } from "../../src/api/types";
import { about, ANSWERS, isSaid, type SentAnswer } from "../../src/family/answer";
import { timeOfDay, type Translate } from "../../src/time/format";
import { useFamily } from "../state/store";
import { drop, send, sendAgain } from "./answer";

const TEXT_CHARACTERS = 500;

type Sex = "female" | "male";

export function Answers({ incident, sex }: { incident: Incident; sex: Sex }) {
  const { t } = useTranslation();
  const answers = useFamily((family) => family.answers);
  const [writes, setWrites] = useState(false);
  const sent = about(answers, incident.id);
  const they = t(`answer.they.${sex}`);
  return (
    <section className="answers" data-testid="answers">
      <h3>{t("answer.title")}</h3>
      {writes ? <TextForm onBack={() => setWrites(false)} onSend={(text) => { setWrites(false); send(incident.id, "other", text); }} /> : (
        <div className="answer-buttons">
          {ANSWERS.map((answer) => (
            <button key={answer} type="button" className="button answer" disabled={isSaid(sent, answer)} onClick={() => (answer === "other" ? setWrites(true) : send(incident.id, answer))}>
              {t(`answer.${answer}`, { they })}
            </button>
          ))}
        </div>
      )}
      <ul className="sent-list">{sent.map((each) => <Sent key={each.key} sent={each} they={they} />)}</ul>
      <p className="muted">{t("answer.explain")}</p>
    </section>
  );
}

/** In the words of this screen, whatever the server's language is. */
function why(status: number | null): string {
  if (status === 404) return "gone";
  if (status === 409) return "closed";
  if (status === 429) return "many";
  return status !== null && status >= 500 ? "server" : "forbidden";
}

function Sent({ sent, they }: { sent: SentAnswer; they: string }) {
  const { t } = useTranslation();
  const words = wordsOf(sent, they, t);
  const isBad = sent.kind === "unreached" || sent.kind === "refused";
  return (
    <li className={isBad ? "sent bad" : `sent ${sent.kind}`} data-testid="sent" data-kind={sent.kind}>
      <p role={isBad ? "alert" : "status"}>{sent.kind === "asking" && <span className="spinner" aria-hidden="true">◌ </span>}{sent.kind === "sent" && <span aria-hidden="true">✓ </span>}{words}</p>
      {isBad && (
        <p className="sent-acts">
          <button type="button" className="button primary big" onClick={() => sendAgain(sent)}>{t("answer.again")}</button>
          <button type="button" className="button big" onClick={() => drop(sent)}>{t("answer.drop")}</button>
        </p>
      )}
    </li>
  );
}

function wordsOf({ kind, answer, text, at, status }: SentAnswer, they: string, t: Translate): string {
  const said = answer === "other" ? text : t(`answer.${answer}`, { they });
  return t(`answer.${kind}`, { answer: said, time: at === null ? "" : timeOfDay(at), why: t(`answer.why.${why(status)}`) });
}

function TextForm({ onBack, onSend }: { onBack(): void; onSend(text: string): void }) {
  const { t } = useTranslation();
  const [text, setText] = useState("");
  const [isMissing, setIsMissing] = useState(false);
  const field = useRef<HTMLTextAreaElement>(null);
  useEffect(() => field.current?.focus(), []);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (text.trim() === "") setIsMissing(true);
    else onSend(text.trim());
  };
  return (
    <form className="answer-form" onSubmit={submit} noValidate>
      <label className="field">
        <span>{t("answer.text")}</span>
        <textarea ref={field} rows={3} maxLength={TEXT_CHARACTERS} value={text} onChange={(event) => { setText(event.target.value); setIsMissing(false); }} />
      </label>
      <p role="alert" className={isMissing ? "notice bad" : "empty"}>{isMissing ? t("answer.missing") : ""}</p>
      <div className="answer-buttons">
        <button type="submit" className="button primary answer">{t("answer.send")}</button>
        <button type="button" className="button answer" onClick={onBack}>{t("answer.back")}</button>
      </div>
    </form>
  );
}
