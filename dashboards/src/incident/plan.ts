/** The action plan as the desk goes through it: what may be said of each step, and what is due now. Pure. */
import type { Incident, PlanItem, PlanOutcome, PlanStep } from "../api/types";

const OUTCOMES: Record<PlanStep, readonly PlanOutcome[]> = {
  locate: ["done", "not_needed"],
  ring_resident: ["answered", "no_answer", "not_needed"],
  ring_contacts: ["answered", "no_answer", "not_needed"],
  // What is done about these two is done by dialogs of their own, and the server marks the step.
  send_station: ["not_needed"],
  hand_over: ["not_needed"],
};

/** What may be said of a step, the likeliest first. */
export const outcomesOf = (step: PlanStep): readonly PlanOutcome[] => OUTCOMES[step];

/** Why a step is left out must be said. */
export const needsReason = (outcome: PlanOutcome): boolean => outcome === "not_needed";

/** The dialog in which a step is done, where it is more than a telephone call. */
export function dialogOf(step: PlanStep): "dispatch" | "handover" | null {
  return step === "send_station" ? "dispatch" : step === "hand_over" ? "handover" : null;
}

/** Nobody's voice answered, and nobody was sent yet: somebody must go and look. */
export function mustSend({ plan }: Pick<Incident, "plan">): boolean {
  const of = (step: PlanStep): PlanItem | undefined => plan.find((item) => item.step === step);
  return of("ring_resident")?.outcome === "no_answer" && of("send_station")?.state === "current";
}

/** What is done next: the most pressing of the current steps. */
export function nextStep(incident: Pick<Incident, "plan">): PlanStep | null {
  if (mustSend(incident)) return "send_station";
  return incident.plan.find(({ state }) => state === "current")?.step ?? null;
}
