/** What is seldom done to an incident, out of the way of what is done under stress. */
import { useTranslation } from "react-i18next";
import type { Incident } from "../../src/api/types";
import { mergeable, separable } from "../../src/incident/matters";
import { useDisclosure } from "../shell/useDisclosure";
import { type IncidentDialog, showDialog } from "../state/deskStore";
import { useLive } from "../state/liveStore";

export function MoreMenu({ incident }: { incident: Incident }) {
  const { t } = useTranslation();
  const menu = useDisclosure();
  const all = useLive((live) => live.incidents);
  const canMerge = mergeable(incident, Object.values(all)).length > 0;
  const entry = (words: string, dialog: IncidentDialog) => (
    <li><button type="button" className="manage-entry" aria-haspopup="dialog" onClick={() => menu.leaveFor(() => showDialog(dialog))}>{words}</button></li>
  );
  return (
    <div className="more-menu" {...menu.frame}>
      <button {...menu.button} type="button" className="button" aria-controls="more-entries">{t("more")} <span aria-hidden="true">▾</span></button>
      <ul id="more-entries" hidden={!menu.isOpen}>
        {entry(t("transfer.button"), "transfer")}
        {entry(t("incident.release"), "release")}
        {canMerge && entry(t("merge.button"), "merge")}
        {separable(incident).length > 0 && entry(t("split.button"), "split")}
      </ul>
    </div>
  );
}
