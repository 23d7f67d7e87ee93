/** A text with the numbers of its lines, and what is wrong with one beside it. As tall as the text: nothing scrolls apart. */
import { type RefObject, useId } from "react";
import { useTranslation } from "react-i18next";
import type { LadderProblem } from "../../src/api/types";
import { byLine } from "../../src/incident/ladder";

interface TextProps {
  field: RefObject<HTMLTextAreaElement | null>;
  text: string;
  problems: readonly LadderProblem[];
  onType(text: string): void;
}

export function LadderText({ field, text, problems, onType }: TextProps) {
  const { t } = useTranslation();
  const id = useId();
  const lines = text.split("\n");
  const wrong = byLine(problems);
  return (
    <div className="ladder-field">
      <label htmlFor={id}><strong>{t("ladder.text")}</strong></label>
      <div className="ladder-text">
        <ol className="ladder-numbers" aria-hidden="true">
          {lines.map((_line, place) => <li key={place} className={wrong.has(place + 1) ? "is-wrong" : undefined}>{wrong.has(place + 1) && "✗ "}{place + 1}</li>)}
        </ol>
        <textarea ref={field} id={id} name="ladder" value={text} rows={lines.length} wrap="off" spellCheck={false} autoCapitalize="none" autoComplete="off" aria-invalid={wrong.size > 0} onChange={(event) => onType(event.target.value)} />
        {wrong.size > 0 && (
          <ol className="ladder-wrong" aria-hidden="true">
            {lines.map((_line, place) => <li key={place} title={wrong.get(place + 1)}>{wrong.get(place + 1)}</li>)}
          </ol>
        )}
      </div>
    </div>
  );
}
