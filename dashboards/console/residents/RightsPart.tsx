/** What a person may ask for: a copy, who looked at them, to be forgotten. Who asked is the reason; it goes on record each time. */
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { Failed } from "../../src/api/account";
import { type CopyPart, erase, olderThan, readCopy } from "../../src/api/rights";
import type { Erased, ResidentCard } from "../../src/api/types";
import { saveFile } from "../../src/paper/download";
import type { Translate } from "../../src/time/format";
import { InlineForm } from "../manage/InlineForm";
import { Outcome } from "../manage/Outcome";
import { failedWords, useAct } from "../manage/useAct";
import { TextField } from "./TextField";

const KNOWN: ReadonlySet<string> = new Set(["incident_open", "erased"]);

const rightsWords = (answer: Failed, t: Translate): string =>
  answer.kind === "refused" && KNOWN.has(answer.code) ? t(`rights.refusal.${answer.code}`) : failedWords(answer, t);

const FILES: Record<CopyPart, (id: string) => string> = { all: (id) => `resident-${id}.json`, looks: (id) => `looks-${id}.csv` };

const nameOf = (part: CopyPart, id: string, to?: string): string => FILES[part](`${id}${to === undefined ? "" : `-${to}`}`.replaceAll(":", "_"));

interface RightsProps {
  card: ResidentCard;
  onErased(erased: Erased): void;
}

export function RightsPart({ card, onErased }: RightsProps) {
  const { t } = useTranslation();
  const act = useAct(rightsWords);
  const [typed, setTyped] = useState("");
  const [isWhole, setWhole] = useState(false);
  const [isErasing, setErasing] = useState(false);
  const [older, setOlder] = useState<{ resident: string; to: string } | null>(null);
  const reason = typed.trim();
  const copy = (part: CopyPart, to?: string) => {
    const file = nameOf(part, card.id, to);
    const whole = part === "all" && isWhole;
    const keep = (content: Blob) => {
      saveFile(content, file);
      if (part === "looks") void content.text().then((looks) => setOlder(partBefore(card.id, looks)));
    };
    void act.run(readCopy(card.id, part, { reason, whole: whole || undefined, to }), keep, t(`rights.saved.${whole ? "whole" : part}`, { file }));
  };
  return (
    <section aria-labelledby="rights-title" className="rights" data-testid="rights">
      <h4 id="rights-title">{t("rights.title")}</h4>
      <p className="field-hint">{t("rights.explain")}</p>
      <TextField name="rights_reason" label={t("rights.reason")} value={typed} hint={t("rights.reason_hint")} isNeeded onChange={setTyped} />
      <label className="check"><input type="checkbox" name="rights_whole" checked={isWhole} onChange={(event) => setWhole(event.target.checked)} /> {t("rights.whole")}</label>
      <div>
        <p className="row-acts">
          {(["all", "looks"] as const).map((part) => <button key={part} type="button" className="button" disabled={act.busy || reason === ""} onClick={() => copy(part)}>{t(`rights.copy.${part}`)}</button>)}
          {older?.resident === card.id && <button type="button" className="button" disabled={act.busy || reason === ""} onClick={() => copy("looks", older.to)}>{t("rights.copy.older")}</button>}
          {!isErasing && <button type="button" className="button danger" disabled={act.busy || reason === ""} onClick={() => setErasing(true)}>{t("rights.erase")}…</button>}
        </p>
        {isErasing && <EraseForm card={card} isReady={!act.busy && reason !== ""} onSubmit={(confirm) => void act.run(erase(card.id, reason, confirm), onErased)} onCancel={() => setErasing(false)} />}
      </div>
      <Outcome news={act.news} />
    </section>
  );
}

function partBefore(resident: string, looks: string): { resident: string; to: string } | null {
  const to = olderThan(looks);
  return to === null ? null : { resident, to };
}

interface EraseProps {
  card: ResidentCard;
  isReady: boolean;
  onSubmit(confirm: string): void;
  onCancel(): void;
}

/** Nobody is erased by a slip: the id is typed by hand. */
function EraseForm({ card, isReady, onSubmit, onCancel }: EraseProps) {
  const { t } = useTranslation();
  const [typed, setTyped] = useState("");
  const isSure = typed.trim() === card.id;
  const submit = () => {
    if (isSure && isReady) onSubmit(typed.trim());
  };
  return (
    <InlineForm label={t("rights.erase_whom", { name: card.name })} onSubmit={submit} onCancel={onCancel}>
      <p className="notice bad">{t("rights.erase_what", { name: card.name })}</p>
      <TextField name="erase_confirm" label={t("rights.confirm", { id: card.id })} value={typed} isNeeded onChange={setTyped} />
      <div className="dialog-foot">
        <button type="button" className="button" onClick={onCancel}>{t("common.cancel")}</button>
        <button type="submit" className="button danger" disabled={!isSure || !isReady}>{t("rights.erase_it")}</button>
      </div>
    </InlineForm>
  );
}
