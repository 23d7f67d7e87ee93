/** A call for help as it moves: what happened, what holds now, the stages, and what the family lets the desk know. */
import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { readEvents } from "../../src/api/tasks";
import type { Incident } from "../../src/api/types";
import { callKey, isOpen } from "../../src/family/board";
import { nowOf } from "../../src/family/progress";
import { whatWords } from "../../src/family/words";
import { minuteText } from "../../src/time/format";
import { useNow } from "../../src/time/useNow";
import { silence } from "../alarm/bell";
import { useFamily } from "../state/store";
import { Account, StepBack } from "./Account";
import { Answers } from "./Answers";
import { OutcomeWords } from "./OutcomeWords";
import { Stages } from "./Stages";

interface IncidentCardProps {
  incident: Incident;
  name: string;
  sex: "female" | "male";
  /** Over for a while: its stages are among the rest of the account. */
  isBrief?: boolean;
  /** What else is to be known at once. */
  children?: ReactNode;
}

/** The account goes with the version; until the newer one is there the older one stands. */
function useEventsOf({ id, version, unsaved }: Incident) {
  return useQuery({
    queryKey: ["events", id, version],
    enabled: !unsaved,
    staleTime: Infinity,
    placeholderData: (before) => before,
    queryFn: () => readEvents(id),
  });
}

export function IncidentCard({ incident, name, sex, isBrief = false, children }: IncidentCardProps) {
  const { t } = useTranslation();
  const now = useNow();
  const account = useEventsOf(incident);
  const events = account.data ?? [];
  const open = isOpen(incident);
  const isNew = useFamily(({ board }) => open && incident.severity !== "technical" && !board.seen.has(callKey(incident)));
  const holds = nowOf(incident, events);
  return (
    <section className={`incident incident-${open ? incident.severity : "ended"}${isNew ? " is-new" : ""}`} data-testid="incident" data-incident={incident.id} data-now={holds}>
      <p className="incident-top">
        <span className="incident-mark">{open ? `■ ${t("incident.title")}` : `✓ ${t("incident.ended")}`}</span>
        {incident.drill && <span className="badge drill">{t("incident.drill")}</span>}
        <span className="incident-time">{minuteText(incident.closed?.at ?? incident.opened_at, now)}</span>
      </p>
      <h2 className="incident-what">{whatWords(name, incident, now, t)}</h2>
      <p className="incident-now" role="status">{t(`incident.now.${holds}`)}{incident.closed && <OutcomeWords outcome={incident.closed.outcome} />}</p>
      {children}
      {isNew && <button type="button" className="button big seen" onClick={silence}>{t("incident.seen")}</button>}
      {!isBrief && <Stages incident={incident} events={events} />}
      <StepBack incident={incident} events={events} />
      {open && !incident.unsaved && <Answers incident={incident} sex={sex} />}
      <Account incident={incident} events={events} isError={account.isError}>{isBrief && <Stages incident={incident} events={events} />}</Account>
    </section>
  );
}
