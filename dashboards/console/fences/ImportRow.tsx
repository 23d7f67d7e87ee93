import { memo } from "react";
import { useTranslation } from "react-i18next";
import type { Candidate, Fate } from "../../src/fence/collection";

/** What became of a feature that was sent. */
export type Sent = { kind: "added" } | { kind: "unsure" } | { kind: "failed"; words: string };

const LOOKS: Record<Fate, string> = { added: "badge good", unsure: "badge warn", failed: "badge bad" };

interface RowProps {
  candidate: Candidate;
  isChosen: boolean;
  isRunning: boolean;
  sent: Sent | undefined;
  onTurn(key: number, isChosen: boolean): void;
}

/** One feature of a file: whether it is sent, and what became of it. There may be thousands, of which one changes at a time. */
export const CandidateRow = memo(function CandidateRow({ candidate: { key, name, fault, isKnown }, isChosen, isRunning, sent, onTurn }: RowProps) {
  const { t } = useTranslation();
  const isOver = sent?.kind === "added";
  return (
    <li data-sent={sent?.kind}>
      <label className="check"><input type="checkbox" name={`feature-${key}`} checked={isChosen} disabled={isRunning || isOver || fault !== null} onChange={(event) => onTurn(key, event.target.checked)} /> {name}</label>
      {fault !== null && <span className="field-fault">{t(`zones.file.fault.${fault}`)}</span>}
      {fault === null && isKnown && sent === undefined && <span className="badge warn">{t("zones.file.known")}</span>}
      {sent && <span className={LOOKS[sent.kind]}>{t(`zones.file.sent.${sent.kind}`)}</span>}
    </li>
  );
});
