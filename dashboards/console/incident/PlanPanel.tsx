/** What is to be done, in order: what was done and how it went, what is due now with its buttons, what comes later. */
import { useTranslation } from "react-i18next";
import type { Incident } from "../../src/api/types";
import { mustSend, nextStep } from "../../src/incident/plan";
import { PlanRow } from "./PlanRow";

export function PlanPanel({ incident }: { incident: Incident }) {
  const { t } = useTranslation();
  const { plan } = incident;
  if (plan.length === 0 || incident.unsaved) return null;
  const next = incident.state === "closed" ? null : nextStep(incident);
  const isUrgent = next !== null && mustSend(incident);
  return (
    <section className="panel plan" aria-labelledby="plan-title" data-testid="plan">
      <h3 id="plan-title">{t("plan.title")} <small className="muted">{t("plan.progress", { done: plan.filter(({ state }) => state === "done").length, all: plan.length })}</small></h3>
      <ol>
        {plan.map((item) => <PlanRow key={item.step} item={item} incident={incident} isNext={item.step === next} isUrgent={isUrgent && item.step === next} />)}
      </ol>
    </section>
  );
}
