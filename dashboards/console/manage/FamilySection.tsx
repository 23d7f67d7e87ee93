/** The family, on the page of an incident that is open: whoever rings is either on this list or not. */
import { useTranslation } from "react-i18next";
import type { Incident, Named } from "../../src/api/types";
import { showDialog, useMe } from "../state/deskStore";
import { ListState } from "./ListState";
import { RelativeList } from "./RelativeList";
import { mayKeepConsents, mayReadRelatives } from "./rights";
import { useRelatives } from "./useRelatives";

/** Going from one incident to another and back is no new look. */
const STALE_MS = 60_000;

export function FamilySection({ incident, resident }: { incident: Incident; resident: Named }) {
  const me = useMe();
  // Once the incident is closed there is no reason to look.
  if (incident.state === "closed" || !mayReadRelatives(me?.role)) return null;
  return <Family incident={incident} resident={resident} keepsConsents={mayKeepConsents(me?.role)} />;
}

function Family({ incident, resident, keepsConsents }: { incident: Incident; resident: Named; keepsConsents: boolean }) {
  const { t } = useTranslation();
  const family = useRelatives(resident.id, STALE_MS);
  return (
    <section className="family" aria-labelledby="family-title" data-testid="family">
      <h4 id="family-title">{t("manage.family.title")}</h4>
      <ListState of={family} />
      {family.data && <RelativeList family={family.data} resident={resident} incident={incident} />}
      {keepsConsents && (
        <button type="button" className="button small" aria-haspopup="dialog" onClick={() => showDialog({ kind: "consents", resident })}>{t("manage.menu.consents")}…</button>
      )}
    </section>
  );
}
