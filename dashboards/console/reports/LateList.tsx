/** Answers that took over 180 s. Each stays here until somebody has found out why. */
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { reviewLate } from "../../src/api/reports";
import type { LateAnswer } from "../../src/api/types";
import { giveReason } from "../../src/incident/reasons";
import { fileAddress } from "../../src/reports/quarter";
import { inLateOrder, waitingIn } from "../../src/reports/report";
import { ageSeconds, stopwatch, timeText } from "../../src/time/format";
import { serverClock } from "../../src/time/useNow";
import { InlineForm } from "../manage/InlineForm";
import { REPORTS } from "../manage/keys";
import { Outcome } from "../manage/Outcome";
import { useAct } from "../manage/useAct";
import { useMe } from "../state/deskStore";
import { openIncident } from "../state/route";

interface LateProps {
  late: readonly LateAnswer[];
  /** Of which report, for the same list as a file. */
  query: Record<string, string>;
}

export function LateList({ late, query }: LateProps) {
  const { t } = useTranslation();
  const mayReview = useMe()?.role === "supervisor";
  const queries = useQueryClient();
  const act = useAct();
  const [opened, setOpened] = useState<string | null>(null);
  const waiting = waitingIn(late);
  const review = (answer: LateAnswer, note: string) => {
    const done = () => {
      setOpened(null);
      void queries.invalidateQueries({ queryKey: REPORTS });
    };
    void act.run(reviewLate(answer.incident_id, note), done, t("late.done", { time: timeText(answer.began, serverClock.nowMs()) }));
  };
  return (
    <section aria-labelledby="late-title" data-testid="late">
      <div className="section-head"><h3 id="late-title">{t("late.title")}</h3> {waiting > 0 && <span className="badge bad">{t("late.waiting", { n: waiting })}</span>} <a className="button small" href={fileAddress("response", { ...query, table: "late" }, "csv")} download aria-label={t("late.file")}>{t("reports.csv")}</a></div>
      <p className="muted">{t(late.length === 0 ? "late.none" : "late.explain")}</p>
      <Outcome news={act.news} />
      <ul className="due">
        {inLateOrder(late).map((answer) => (
          <Row key={answer.incident_id} answer={answer} mayReview={mayReview} isOpened={opened === answer.incident_id} busy={act.busy} onOpen={(is) => setOpened(is ? answer.incident_id : null)} onReview={(note) => review(answer, note)} />
        ))}
      </ul>
    </section>
  );
}

interface RowProps {
  answer: LateAnswer;
  /** Late answers are a supervisor's. */
  mayReview: boolean;
  isOpened: boolean;
  busy: boolean;
  onOpen(is: boolean): void;
  onReview(note: string): void;
}

function Row({ answer, mayReview, isOpened, busy, onOpen, onReview }: RowProps) {
  const { t } = useTranslation();
  const now = serverClock.nowMs();
  const { incident_id: id, began, answered_s: took, operator, reviewed } = answer;
  const time = timeText(began, now);
  const open = () => {
    giveReason(id, t("late.standing"));
    openIncident(id);
  };
  return (
    <li className="due-row late-row" data-incident={id}>
      <span className="due-who">
        <strong>{time}</strong>{" "}
        {took == null ? <span className="badge bad">{t("late.nobody", { time: stopwatch(ageSeconds(began, now)) })}</span> : <span>{t("late.took", { time: stopwatch(took) })}{operator && ` · ${t("late.operator", { name: operator })}`}</span>}
      </span>
      <span className="due-acts">
        <button type="button" className="button small" aria-label={`${t("late.open")}: ${time}`} onClick={open}>{t("late.open")}</button>
        {/* How late it is nobody knows before it is answered. */}
        {mayReview && took != null && !isOpened && <button type="button" className={reviewed ? "button small" : "button small primary"} aria-label={t("late.review_of", { time })} onClick={() => onOpen(true)}>{t(reviewed ? "late.again" : "late.review")}…</button>}
      </span>
      {reviewed && !isOpened && <p className="late-note">{reviewed.note} <small className="muted">{t("late.reviewed", { by: reviewed.by, time: timeText(reviewed.at, now) })}</small></p>}
      {isOpened && <div className="due-form"><ReviewForm label={t("late.review_of", { time })} before={reviewed?.note ?? ""} busy={busy} onReview={onReview} onCancel={() => onOpen(false)} /></div>}
    </li>
  );
}

interface FormProps {
  label: string;
  before: string;
  busy: boolean;
  onReview(note: string): void;
  onCancel(): void;
}

function ReviewForm({ label, before, busy, onReview, onCancel }: FormProps) {
  const { t } = useTranslation();
  const [note, setNote] = useState(before);
  return (
    <InlineForm label={label} onSubmit={() => onReview(note.trim())} onCancel={onCancel}>
      <label className="field">
        <span>{t("late.note")} <small className="muted">{t("common.required")}</small></span>
        <textarea name="late_note" rows={2} value={note} autoFocus maxLength={1_000} placeholder={t("late.note_hint")} onChange={(event) => setNote(event.target.value)} />
      </label>
      <div className="dialog-foot">
        <button type="button" className="button" onClick={onCancel}>{t("common.cancel")}</button>
        <button type="submit" className="button primary" disabled={busy || note.trim() === ""}>{t("late.submit")}</button>
      </div>
    </InlineForm>
  );
}
