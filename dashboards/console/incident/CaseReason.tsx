/** Why a closed incident is opened: asked once, before anything of it is shown to somebody who had no part in it lately. */
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { InlineForm } from "../manage/InlineForm";
import { closePage } from "../state/route";
import { Choice } from "./Choice";

/** What most often brings somebody here, and words of one's own. */
const REASONS = ["review", "complaint", "again", "other"] as const;
type Reason = (typeof REASONS)[number];

export function CaseReason({ onSaid }: { onSaid(reason: string): void }) {
  const { t } = useTranslation();
  const [reason, setReason] = useState<Reason>("review");
  const [words, setWords] = useState("");
  const said = reason === "other" ? words.trim() : t(`closed_case.reasons.${reason}`);
  const submit = () => {
    if (said !== "") onSaid(said);
  };
  return (
    <InlineForm label={t("closed_case.title")} onSubmit={submit} onCancel={closePage}>
      <h2>{t("closed_case.title")}</h2>
      <p className="muted">{t("closed_case.explain")}</p>
      <Choice<Reason> name="reason" legend={t("manage.residents.reason")} value={reason} onChange={setReason} options={REASONS.map((value) => ({ value, label: t(`closed_case.reasons.${value}`) }))} />
      {reason === "other" && (
        <label className="field">
          <span>{t("manage.residents.reason_words")} <small className="muted">{t("common.required")}</small></span>
          <textarea name="reason_words" rows={2} value={words} autoFocus maxLength={500} onChange={(event) => setWords(event.target.value)} />
        </label>
      )}
      <div className="dialog-foot">
        <button type="submit" className="button primary" autoFocus disabled={said === ""}>{t("closed_case.open_it")}</button>
      </div>
    </InlineForm>
  );
}
