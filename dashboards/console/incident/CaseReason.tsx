/** Why a closed incident is opened: asked once, before anything of it is shown to somebody who had no part in it lately. */
import { useTranslation } from "react-i18next";
import { InlineForm } from "../manage/InlineForm";
import { ReasonFields, useReason } from "../residents/ReasonFields";
import { closePage } from "../state/route";

const REASONS = ["review", "complaint", "again", "other"] as const;

export function CaseReason({ onSaid }: { onSaid(reason: string): void }) {
  const { t } = useTranslation();
  const reason = useReason("closed_case", REASONS);
  const submit = () => {
    if (reason.said !== "") onSaid(reason.said);
  };
  return (
    <InlineForm label={t("closed_case.title")} onSubmit={submit} onCancel={closePage}>
      <h2>{t("closed_case.title")}</h2>
      <p className="muted">{t("closed_case.explain")}</p>
      <ReasonFields of={reason} />
      <div className="dialog-foot">
        <button type="submit" className="button primary" autoFocus disabled={reason.said === ""}>{t("closed_case.open_it")}</button>
      </div>
    </InlineForm>
  );
}
