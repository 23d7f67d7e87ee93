/** Why a record is opened, or somebody looked up: asked once, before anything is shown. */
import { useTranslation } from "react-i18next";
import { readRecord } from "../../src/api/residents";
import type { Named, ResidentCard } from "../../src/api/types";
import { InlineForm } from "../manage/InlineForm";
import { Outcome } from "../manage/Outcome";
import { useAct } from "../manage/useAct";
import { ReasonFields, useReason } from "./ReasonFields";

/** Named by where their words stand. */
type For = "manage.residents" | "lookup";
const REASONS: Record<For, readonly [string, ...string[]]> = { "manage.residents": ["correct", "check", "other"], lookup: ["call", "missing", "other"] };

interface ReasonProps {
  resident: Named;
  why?: For;
  onOpened(card: ResidentCard, reason: string): void;
  onCancel(): void;
}

export function ReasonForm({ resident, why = "manage.residents", onOpened, onCancel }: ReasonProps) {
  const { t } = useTranslation();
  const act = useAct();
  const reason = useReason(why, REASONS[why]);
  const { said } = reason;
  const submit = () => {
    if (said !== "") void act.run(readRecord(resident.id, said), (card) => onOpened(card, said));
  };
  return (
    <InlineForm label={t(`${why}.open`, { name: resident.name })} onSubmit={submit} onCancel={onCancel}>
      <h3>{t(`${why}.open`, { name: resident.name })} <code className="muted">{resident.id}</code></h3>
      <p className="muted">{t(`${why}.open_explain`)}</p>
      <ReasonFields of={reason} />
      <Outcome news={act.news} />
      <div className="dialog-foot">
        <button type="button" className="button" onClick={onCancel}>{t("manage.residents.back")}</button>
        <button type="submit" className="button primary" autoFocus disabled={act.busy || said === ""}>{t(`${why}.open_it`)}</button>
      </div>
    </InlineForm>
  );
}
