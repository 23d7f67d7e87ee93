/** The foot of a command's dialog: what went wrong stays beside the button that was pressed, and the words typed stay too. */
import { useTranslation } from "react-i18next";
import type { Incident } from "../../src/api/types";
import { showDialog, useDesk } from "../state/deskStore";

interface FooterProps {
  incident: Incident;
  busy: boolean;
  canSubmit: boolean;
  submitWords: string;
  hint?: string;
  /** The form that Enter sends too; without one the button does it itself. */
  form?: string;
  onSubmit?(): void;
}

export function CommandDialogFooter({ incident, busy, canSubmit, submitWords, hint = "", form, onSubmit }: FooterProps) {
  const { t } = useTranslation();
  const news = useDesk((desk) => desk.news);
  const failure = news?.incident === incident.id && news.tone === "bad" ? news.words : "";
  return (
    <div className="dialog-foot">
      <p role="status" className={failure ? "notice bad" : hint ? "muted" : "empty"}>{failure || hint}</p>
      <button type="button" className="button" onClick={() => showDialog(null)}>{t("common.cancel")}</button>
      <button type={form === undefined ? "button" : "submit"} form={form} className="button primary" disabled={!canSubmit || busy} onClick={onSubmit}>{submitWords}</button>
    </div>
  );
}
