/** Why not, or with what result: one of a few in one tap, and what else is to be said. */
import { type FormEvent, useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { recordWords } from "../../src/i18n/language";
import { zh } from "../i18n/zh";
import type { Words } from "./act";

type Act = "decline" | "finish" | "fail";
const OTHER = "other";
const NOTE_CHARACTERS = 500;

export function WordsForm({ act, onBack, onSay }: { act: Act; onBack: () => void; onSay: (words: Words) => void }) {
  const { t } = useTranslation();
  const [choice, setChoice] = useState("");
  const [note, setNote] = useState("");
  const [isMissing, setIsMissing] = useState(false);
  const head = useRef<HTMLLegendElement>(null);
  useEffect(() => head.current?.focus(), []);
  const options = [...Object.keys(zh.form.reasons[act]), OTHER];
  const label = (option: string) => (option === OTHER ? "form.other" : `form.reasons.${act}.${option}`);

  const submit = (event: FormEvent) => {
    event.preventDefault();
    const words = note.trim();
    if (choice === "" || (choice === OTHER && words === "")) {
      setIsMissing(true);
      return;
    }
    // With "other" the person's own words are the reason.
    const chosen = choice === OTHER ? words : recordWords(label(choice));
    const more = choice === OTHER ? "" : words;
    onSay({ ...(act === "finish" ? { result: chosen } : { reason: chosen }), ...(more === "" ? {} : { note: more }) });
  };

  return (
    <form className="words-form" onSubmit={submit} noValidate data-testid="words-form">
      <fieldset className="choice">
        <legend ref={head} tabIndex={-1}>{t(`form.${act}`)}</legend>
        <div className="reasons">
          {options.map((option) => (
            <label key={option} className={option === choice ? "choice-option chosen" : "choice-option"}>
              <input type="radio" name={`why-${act}`} value={option} checked={option === choice} onChange={() => { setChoice(option); setIsMissing(false); }} />
              {t(label(option))}
            </label>
          ))}
        </div>
      </fieldset>
      <label className="field">
        <span>{t(`form.words.${act}`)}</span>
        <textarea rows={2} maxLength={NOTE_CHARACTERS} value={note} onChange={(event) => setNote(event.target.value)} />
      </label>
      <p role="alert" className={isMissing ? "notice bad" : "empty"}>{isMissing ? t("form.missing") : ""}</p>
      <div className="acts">
        <button type="submit" className={act === "finish" ? "button primary act" : "button act act-sure"}>{t(`form.submit.${act}`)}</button>
        <button type="button" className="button act act-out" onClick={onBack}>{t("form.back")}</button>
      </div>
    </form>
  );
}
