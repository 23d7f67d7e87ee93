/** One incident: whom it is about, where, what was said and done, and what to do next. Opening it claims nothing. */
import { useQuery } from "@tanstack/react-query";
import { useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import { answered } from "../../src/api/account";
import { api } from "../../src/api/client";
import type { Incident } from "../../src/api/types";
import { giveReason } from "../../src/incident/reasons";
import { isLate, summaryWords, whoWords } from "../../src/incident/words";
import { timeText } from "../../src/time/format";
import { useNow } from "../../src/time/useNow";
import { AskedPanel } from "../asked/AskedPanel";
import { TasksPanel } from "../dispatch/TasksPanel";
import { ONLY_WHEN_ASKED } from "../manage/usePages";
import { NoticesPanel } from "../reach/NoticesPanel";
import { SeverityMark } from "../queue/SeverityMark";
import { useLive, wholeOf } from "../state/liveStore";
import { closePage, openIncident } from "../state/route";
import { Actions } from "./Actions";
import { CaseReason } from "./CaseReason";
import { ClosedWords } from "./ClosedWords";
import { PlanPanel } from "./PlanPanel";
import { PositionPanel } from "./PositionPanel";
import { PrintButtons } from "./PrintButtons";
import { ResidentPanel } from "./ResidentPanel";
import { SignalList } from "./SignalList";
import { Timeline } from "./Timeline";

/** Too many questions, or a server that cannot answer now: another time it may. */
const mayPass = (status: number): boolean => status >= 429;

/** The live queue knows open incidents; a closed one is asked for, since who had no part in it says why. */
function useIncident(id: string) {
  const live = useLive((state) => state.incidents[id] ?? state.closed[id]);
  const isOpen = live !== undefined && live.state !== "closed";
  const asked = useQuery({
    ...ONLY_WHEN_ASKED,
    // What has happened since is asked for; until it is there the answer before stays on the screen.
    queryKey: ["incident", id, live?.version],
    placeholderData: (before, query) => (query?.queryKey[1] === id ? before : undefined),
    enabled: !isOpen && !id.startsWith("unsaved:"),
    queryFn: () => answered(api.GET("/api/incidents/{id}", { params: { path: { id } } })),
  });
  const { data: answer } = asked;
  const told = answer?.kind === "done" ? answer.value : null;
  return {
    incident: wholeOf(live, told),
    needsReason: !isOpen && answer?.kind === "refused" && answer.code === "reason_required",
    isLoading: asked.isLoading,
    isError: answer?.kind === "unreached" || (answer?.kind === "refused" && mayPass(answer.status)),
    retry: asked.refetch,
  };
}

/** A press that could not be written stands under a passing id; once it is on disk, its page becomes the real one. */
function useRealOnceSaved(incident: Incident | null): void {
  const real = useLive((state) =>
    incident?.unsaved && incident.state === "closed" ? Object.values(state.incidents).find((each) => !each.unsaved && each.handset === incident.handset) : undefined,
  );
  useEffect(() => {
    if (real) openIncident(real.id);
  }, [real]);
}

export function IncidentPage({ id }: { id: string }) {
  const { t } = useTranslation();
  const { incident, needsReason, isLoading, isError, retry } = useIncident(id);
  const title = useRef<HTMLHeadingElement>(null);
  useRealOnceSaved(incident);
  const isReady = incident !== null && !needsReason;
  useEffect(() => {
    if (isReady) title.current?.focus();
  }, [isReady]);
  if (needsReason) {
    const say = (reason: string) => {
      giveReason(id, reason);
      void retry();
    };
    return (
      <section className="page" data-testid="case-reason">
        <BackButton />
        <CaseReason onSaid={say} />
      </section>
    );
  }
  if (!incident) {
    return (
      <section className="page">
        <BackButton />
        <p role="status">{t(isLoading ? "incident.loading" : isError ? "incident.failed" : "incident.gone")}</p>
        {isError && <button type="button" className="button" onClick={() => void retry()}>{t("incident.retry")}</button>}
      </section>
    );
  }
  return (
    <section className="page" aria-labelledby="incident-title" data-testid="incident-page">
      <BackButton />
      <Title incident={incident} titleRef={title} />
      <PrintButtons incident={incident} />
      <Actions incident={incident} />
      <ClosedWords incident={incident} />
      {incident.unsaved && incident.state === "closed" && <p className="notice good">{t("incident.now_saved")}</p>}
      <PlanPanel incident={incident} />
      <TasksPanel incident={incident} />
      <div className="facts">
        <ResidentPanel incident={incident} />
        <PositionPanel incident={incident} />
        <SignalList incident={incident} />
        <AskedPanel incident={incident} />
        <NoticesPanel incident={incident} />
        <Timeline incident={incident} />
      </div>
    </section>
  );
}

function BackButton() {
  const { t } = useTranslation();
  return (
    <button type="button" className="button quiet back" onClick={closePage}>← {t("incident.back")} <kbd aria-hidden="true">Esc</kbd></button>
  );
}

function Title({ incident, titleRef }: { incident: Incident; titleRef: React.RefObject<HTMLHeadingElement | null> }) {
  const { t } = useTranslation();
  const now = useNow();
  return (
    <div className="incident-head">
      <SeverityMark severity={incident.severity} />
      <h2 id="incident-title" ref={titleRef} tabIndex={-1}>{whoWords(incident, t)}</h2>
      <span className={`state state-${incident.state}`}>{t(`state.${incident.state}`)}</span>
      {incident.unsaved && <span className="badge bad">{t("queue.unsaved")}</span>}
      {incident.holder_lost && incident.state !== "closed" && <span className="badge bad">{t("lost.badge")}</span>}
      {incident.drill && <span className="badge drill">{t("queue.drill")}</span>}
      {incident.signals.some(isLate) && <span className="badge">{t("queue.late")}</span>}
      {incident.ladder_step > 0 && <span className="badge warn">{t("incident.ladder", { n: incident.ladder_step })}</span>}
      <p className="incident-summary">
        {summaryWords(incident, now, t)}
        <span className="muted"> · {t("incident.opened", { time: timeText(incident.opened_at, now) })}</span>
        {incident.deadline_at && <span className="muted"> · {t("incident.deadline", { time: timeText(incident.deadline_at, now) })}</span>}
      </p>
    </div>
  );
}
