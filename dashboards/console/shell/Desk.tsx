/** The desk: header, banners, the queue first, the opened incident beside or below it. */
import { lazy, Suspense } from "react";
import { useTranslation } from "react-i18next";
import { IncidentPage } from "../incident/IncidentPage";
import { QueueList } from "../queue/QueueList";
import { useDesk } from "../state/deskStore";
import { Banners } from "./Banners";
import { Header } from "./Header";
import { HelpDialog } from "./HelpDialog";
import { Overview } from "./Overview";
import { useKeys } from "./useKeys";

const AccountDialog = lazy(() => import("../account/AccountDialog"));
const CallDialog = lazy(() => import("../call/CallDialog"));
const AuditDialog = lazy(() => import("../audit/AuditDialog"));
const QuarantineDialog = lazy(() => import("../quarantine/QuarantineDialog"));
const ConsentsDialog = lazy(() => import("../manage/ConsentsDialog"));
const LookUpDialog = lazy(() => import("../lookup/LookUpDialog"));
const LooksDialog = lazy(() => import("../manage/LooksDialog"));
const SessionsDialog = lazy(() => import("../manage/SessionsDialog"));
const UsersDialog = lazy(() => import("../manage/UsersDialog"));
const HandsetsDialog = lazy(() => import("../manage/HandsetsDialog"));
const StationsDialog = lazy(() => import("../manage/StationsDialog"));
const DrillsDialog = lazy(() => import("../watch/DrillsDialog"));
const AbsencesDialog = lazy(() => import("../absences/AbsencesDialog"));
const TechnicalDialog = lazy(() => import("../watch/TechnicalDialog"));
const LadderDialog = lazy(() => import("../watch/LadderDialog"));
const FencesDialog = lazy(() => import("../fences/FencesDialog"));
const ZonesDialog = lazy(() => import("../fences/ZonesDialog"));
const RosterDialog = lazy(() => import("../reach/RosterDialog"));
const ChannelsDialog = lazy(() => import("../reach/ChannelsDialog"));
const ReportsDialog = lazy(() => import("../reports/ReportsDialog"));
const QuarterDialog = lazy(() => import("../reports/QuarterDialog"));
const HeardDialog = lazy(() => import("../reports/HeardDialog"));
const ResidentsDialog = lazy(() => import("../residents/ResidentsDialog"));

export function Desk() {
  const { t } = useTranslation();
  const opened = useDesk((desk) => desk.opened);
  const dialog = useDesk((desk) => desk.dialog);
  const about = dialog !== null && typeof dialog === "object" ? dialog : null;
  useKeys();
  return (
    <div className="desk">
      <a className="skip" href="#queue" onClick={(event) => { event.preventDefault(); document.getElementById("queue")?.focus(); }}>{t("app.skip")}</a>
      <Header />
      <Banners />
      <main className={opened ? "panes has-page" : "panes"}>
        <QueueList />
        {opened ? <IncidentPage key={opened} id={opened} /> : <Overview />}
      </main>
      {dialog === "help" && <HelpDialog />}
      <Suspense fallback={null}>
        {dialog === "account" && <AccountDialog />}
        {dialog === "call" && <CallDialog />}
        {dialog === "audit" && <AuditDialog />}
        {dialog === "quarantine" && <QuarantineDialog />}
        {dialog === "lookup" && <LookUpDialog />}
        {dialog === "looks" && <LooksDialog />}
        {dialog === "sessions" && <SessionsDialog />}
        {dialog === "users" && <UsersDialog />}
        {dialog === "residents" && <ResidentsDialog />}
        {dialog === "stations" && <StationsDialog />}
        {dialog === "drills" && <DrillsDialog />}
        {dialog === "absences" && <AbsencesDialog />}
        {dialog === "technical" && <TechnicalDialog />}
        {dialog === "ladder" && <LadderDialog />}
        {dialog === "zones" && <ZonesDialog />}
        {about?.kind === "fences" && <FencesDialog resident={about.resident} />}
        {dialog === "roster" && <RosterDialog />}
        {dialog === "channels" && <ChannelsDialog />}
        {dialog === "reports" && <ReportsDialog />}
        {dialog === "quarter" && <QuarterDialog />}
        {dialog === "heard" && <HeardDialog />}
        {about?.kind === "handsets" && <HandsetsDialog q={about.q} />}
        {about?.kind === "consents" && <ConsentsDialog resident={about.resident} />}
      </Suspense>
    </div>
  );
}
