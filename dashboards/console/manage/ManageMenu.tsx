/** What somebody may look after beside the desk, behind one button. */
import { useTranslation } from "react-i18next";
import { useDisclosure } from "../shell/useDisclosure";
import { type Dialog, showDialog, useMe } from "../state/deskStore";
import { mayEndSessions, mayKeepConsents, mayKeepLadder, mayLookUp, mayManage, mayReadAudit, mayReadQuarantine, mayReadReports, mayReviewLooks, mayWatch } from "./rights";
import { useWaitingLooks } from "./useWaitingLooks";

export function ManageMenu() {
  const { t } = useTranslation();
  const me = useMe();
  const waiting = useWaitingLooks();
  const menu = useDisclosure();
  if (!mayWatch(me?.role)) return null;

  const open = (dialog: Dialog) => menu.leaveFor(() => showDialog(dialog));
  const entry = (words: string, dialog: Dialog, count: string | null = null) => (
    <li><button type="button" className="manage-entry" aria-haspopup="dialog" onClick={() => open(dialog)}>{words} {count && <Count n={count} />}</button></li>
  );
  return (
    <div className="manage-menu" {...menu.frame}>
      <button {...menu.button} type="button" className="button on-dark" aria-controls="manage-entries">
        {t("manage.menu.button")} {waiting && <Count n={waiting} />} <span aria-hidden="true">▾</span>
      </button>
      <ul id="manage-entries" hidden={!menu.isOpen}>
        {mayLookUp(me?.role) && entry(t("lookup.menu"), "lookup")}
        {entry(t("drills.menu"), "drills")}
        {entry(t("absences.menu"), "absences")}
        {entry(t("technical.menu"), "technical")}
        {entry(t("fences.menu"), { kind: "fences", resident: null })}
        {entry(t("zones.menu"), "zones")}
        {mayKeepConsents(me?.role) && entry(t("manage.menu.consents"), { kind: "consents", resident: null })}
        {mayReviewLooks(me?.role) && entry(t("manage.menu.looks"), "looks", waiting)}
        {mayManage(me?.role) && entry(t("manage.menu.residents"), "residents")}
        {mayManage(me?.role) && entry(t("manage.menu.handsets"), { kind: "handsets", q: "" })}
        {mayManage(me?.role) && entry(t("stations.menu"), "stations")}
        {mayManage(me?.role) && entry(t("manage.menu.users"), "users")}
        {mayEndSessions(me?.role) && entry(t("running.menu"), "sessions")}
        {mayKeepLadder(me?.role) && entry(t("ladder.menu"), "ladder")}
        {mayKeepLadder(me?.role) && entry(t("roster.menu"), "roster")}
        {mayKeepLadder(me?.role) && entry(t("channels.menu"), "channels")}
        {mayReadReports(me?.role) && entry(t("reports.menu"), "reports")}
        {mayReadReports(me?.role) && entry(t("quarter.menu"), "quarter")}
        {mayReadReports(me?.role) && entry(t("heard.menu"), "heard")}
        {mayReadQuarantine(me?.role) && entry(t("header.quarantine"), "quarantine")}
        {mayReadAudit(me?.role) && entry(t("header.audit"), "audit")}
      </ul>
    </div>
  );
}

function Count({ n }: { n: string }) {
  const { t } = useTranslation();
  return (
    <span className="count" title={t("manage.menu.waiting", { n })}>
      <span aria-hidden="true">{n}</span><span className="hidden">{t("manage.menu.waiting", { n })}</span>
    </span>
  );
}
