/** One step of the plan. */
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { markStep } from "../../src/api/dispatch";
import type { Incident, PlanItem, PlanOutcome } from "../../src/api/types";
import { dialogOf, needsReason, outcomesOf } from "../../src/incident/plan";
import { timeText } from "../../src/time/format";
import { useNow } from "../../src/time/useNow";
import { act } from "../commands/act";
import { isAtDesk, mayDirect } from "../commands/rights";
import { InlineForm } from "../manage/InlineForm";
import { showDialog, useMe } from "../state/deskStore";
import { PlanTelephones } from "./PlanTelephones";
import { useCodes } from "./useCodes";

const SHAPES = { done: "✓", current: "▶", pending: "○" } as const;
const TONES: Partial<Record<PlanOutcome, string>> = { no_answer: "badge bad", not_needed: "badge" };

interface RowProps {
  item: PlanItem;
  incident: Incident;
  /** What is done next. */
  isNext: boolean;
  /** Nobody's voice answers: it is done at once. */
  isUrgent: boolean;
}

export function PlanRow({ item, incident, isNext, isUrgent }: RowProps) {
  const { t } = useTranslation();
  const now = useNow();
  const me = useMe();
  const { labelOf } = useCodes();
  const [isChanging, setChanging] = useState(false);
  const { step, state, outcome, at, by } = item;
  const label = labelOf("steps", step);
  const mayMark = isAtDesk(me) && incident.holder != null && incident.state !== "closed";
  const canChange = mayMark && state === "done" && dialogOf(step) === null;
  return (
    <li className={["plan-step", `plan-${state}`, isNext && "plan-next", isUrgent && "plan-urgent"].filter(Boolean).join(" ")} data-step={step} data-state={state} aria-current={isNext ? "step" : undefined}>
      <span className="plan-mark" aria-hidden="true">{SHAPES[state]}</span>
      <span className="plan-words">
        <span className="hidden">{t(`plan.state.${state}`)}：</span>
        <strong>{isUrgent ? t("plan.must_send") : label}</strong>
        {outcome && <span className={TONES[outcome] ?? "badge good"}>{labelOf("step_outcomes", outcome)}</span>}
        {at && <small className="muted">{timeText(at, now)} · {by ? t("plan.by", { by }) : t("plan.by_ladder")}</small>}
        {state === "current" && <PlanTelephones step={step} incident={incident} />}
        {canChange && <button type="button" className="button small quiet" aria-expanded={isChanging} aria-label={`${t(isChanging ? "plan.hide" : "plan.change")}：${label}`} onClick={() => setChanging(!isChanging)}>{t(isChanging ? "plan.hide" : "plan.change")}</button>}
      </span>
      {mayMark && (state === "current" || (canChange && isChanging)) && <StepActs item={item} incident={incident} label={label} isDirector={mayDirect(incident, me)} isNext={isNext} onDone={() => setChanging(false)} />}
    </li>
  );
}

interface ActsProps {
  item: PlanItem;
  incident: Incident;
  label: string;
  isDirector: boolean;
  isNext: boolean;
  onDone(): void;
}

function StepActs({ item: { step }, incident, label, isDirector, isNext, onDone }: ActsProps) {
  const { t } = useTranslation();
  const { labelOf } = useCodes();
  const [asked, setAsked] = useState<PlanOutcome | null>(null);
  const [why, setWhy] = useState("");
  const [busy, setBusy] = useState(false);
  const dialog = dialogOf(step);
  const mark = async (outcome: PlanOutcome, text: string) => {
    setBusy(true);
    const words = t("plan.marked", { step: label, outcome: labelOf("step_outcomes", outcome) });
    const done = await act(incident, `step|${step}|${outcome}|${text}`, (key) => markStep(incident, step, outcome, text, key), words);
    setBusy(false);
    if (!done) return;
    setAsked(null);
    onDone();
  };
  if (asked) {
    return (
      <InlineForm label={t("plan.why")} onSubmit={() => void mark(asked, why.trim())} onCancel={() => setAsked(null)}>
        <label className="field"><span>{t("plan.why")}</span><input name="why" value={why} autoFocus autoComplete="off" maxLength={1000} placeholder={t("plan.why_hint")} onChange={(event) => setWhy(event.target.value)} /></label>
        <p className="dialog-foot">
          <button type="button" className="button" onClick={() => setAsked(null)}>{t("common.cancel")}</button>
          <button type="submit" className="button primary" disabled={busy || why.trim() === ""}>{t("plan.save")}</button>
        </p>
      </InlineForm>
    );
  }
  return (
    <span className="plan-acts">
      {dialog !== null && isDirector && (
        <button type="button" className={isNext ? "button primary" : "button"} aria-haspopup="dialog" onClick={() => showDialog(dialog)}>{t(dialog === "dispatch" ? "plan.send" : "handover.button")}</button>
      )}
      {outcomesOf(step).map((outcome, place) => {
        const words = labelOf("step_outcomes", outcome);
        const isFirst = isNext && place === 0 && dialog === null;
        return (
          <button key={outcome} type="button" className={isFirst ? "button primary" : needsReason(outcome) ? "button quiet" : "button"} disabled={busy} aria-label={t("plan.outcome_of", { step: label, outcome: words })} onClick={() => (needsReason(outcome) ? setAsked(outcome) : void mark(outcome, ""))}>
            {words}
          </button>
        );
      })}
    </span>
  );
}
