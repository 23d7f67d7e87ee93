import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { Look, NewReview } from "../../src/api/types";
import { timeText } from "../../src/time/format";
import { serverClock } from "../../src/time/useNow";
import { useMe } from "../state/deskStore";
import { InlineForm } from "./InlineForm";

interface RowProps {
  look: Look;
  busy: boolean;
  onReview(said: NewReview): void;
}

export function LookRow({ look, busy, onReview }: RowProps) {
  const { t } = useTranslation();
  const me = useMe();
  const at = timeText(look.at, serverClock.nowMs());
  const action = t(`manage.looks.actions.${look.action}`, { defaultValue: look.action });
  return (
    <li className="look">
      <p className="relative-line">
        <span><strong>{look.username}</strong> {action} <code>{look.resident}</code></span>
        <time className="muted" dateTime={look.at}>{at}</time>
      </p>
      <p className="look-reason">{look.action === "many_looks" ? t("manage.looks.many") : t("manage.looks.reason", { reason: look.reason })}</p>
      {look.review && <Verdict review={look.review} />}
      {!look.review && look.username === me?.username && <p className="muted">{t("manage.looks.own")}</p>}
      {!look.review && look.username !== me?.username && <ReviewForm name={`${look.username}, ${look.resident}, ${at}`} busy={busy} onReview={onReview} />}
    </li>
  );
}

function Verdict({ review }: { review: NonNullable<Look["review"]> }) {
  const { t } = useTranslation();
  const isQuestioned = review.verdict === "questioned";
  return (
    <p>
      <span className={isQuestioned ? "badge bad" : "badge good"}>{t(`manage.looks.verdict.${review.verdict}`, { defaultValue: review.verdict })}</span>{" "}
      {review.note} <small className="muted">{t("manage.looks.reviewed", { by: review.by, time: timeText(review.at, serverClock.nowMs()) })}</small>
    </p>
  );
}

interface ReviewProps {
  name: string;
  busy: boolean;
  onReview(said: NewReview): void;
}

function ReviewForm({ name, busy, onReview }: ReviewProps) {
  const { t } = useTranslation();
  const [isQuestioning, setQuestioning] = useState(false);
  const [note, setNote] = useState("");
  const submit = () => onReview({ verdict: "questioned", note: note.trim() });
  if (!isQuestioning) {
    return (
      <p className="row-acts">
        <button type="button" className="button small" aria-label={`${t("manage.looks.justified")}: ${name}`} disabled={busy} onClick={() => onReview({ verdict: "justified" })}>{t("manage.looks.justified")}</button>
        <button type="button" className="button small" aria-label={`${t("manage.looks.questioned")}: ${name}`} onClick={() => setQuestioning(true)}>{t("manage.looks.questioned")}…</button>
      </p>
    );
  }
  return (
    <InlineForm label={`${t("manage.looks.questioned")}: ${name}`} onSubmit={submit} onCancel={() => setQuestioning(false)}>
      <label className="field">
        <span>{t("manage.looks.note")} <small className="muted">{t("common.required")}</small></span>
        <textarea rows={2} value={note} autoFocus maxLength={1_000} onChange={(event) => setNote(event.target.value)} />
      </label>
      <div className="dialog-foot">
        <button type="button" className="button" onClick={() => setQuestioning(false)}>{t("common.cancel")}</button>
        <button type="submit" className="button primary" disabled={busy || note.trim() === ""}>{t("manage.looks.question")}</button>
      </div>
    </InlineForm>
  );
}
