/** Whom a step rings, to be rung from where it stands. The card itself is asked for once. */
import type { Incident, PlanStep } from "../../src/api/types";
import { Telephone, useResidentCard } from "./ResidentPanel";

export function PlanTelephones({ step, incident }: { step: PlanStep; incident: Incident }) {
  const card = useResidentCard(incident).data;
  if (!card) return null;
  if (step === "ring_resident") return card.telephone ? <Telephone number={card.telephone} who={card.name} /> : null;
  if (step !== "ring_contacts") return null;
  const inOrder = [...card.contacts].sort((left, right) => left.order - right.order);
  return (
    <>
      {inOrder.map((contact) => (
        <span key={`${contact.order}${contact.telephone}`} className="plan-contact">{contact.name} <small className="muted">{contact.relation}</small> <Telephone number={contact.telephone} who={contact.name} /></span>
      ))}
    </>
  );
}
