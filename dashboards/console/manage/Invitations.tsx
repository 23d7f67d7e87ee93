/** Invitations that nobody has used yet. Their links are not shown again; one that is lost is taken back and made anew. */
import { useTranslation } from "react-i18next";
import { withdrawInvitation } from "../../src/api/family";
import type { Invitation } from "../../src/api/types";
import { isScoped } from "../../src/resident/scope";
import { timeText } from "../../src/time/format";
import { serverClock } from "../../src/time/useNow";
import { ask } from "./ask";
import { ListState } from "./ListState";
import { Outcome } from "./Outcome";
import { useAct } from "./useAct";
import { useInvitations } from "./useInvitations";

export function Invitations({ which }: { which: (invitation: Invitation) => boolean }) {
  const { t } = useTranslation();
  const act = useAct();
  const invitations = useInvitations();
  const items = (invitations.data ?? []).filter(which);
  const what = ({ username, relation, role, scope, station }: Invitation) => {
    if (username != null) return t("manage.invite.for_password", { username });
    const area = isScoped(role) && t("manage.users.scope_is", { scope: scope ?? t("manage.users.scope_all") });
    return [t(`role.${role}`), relation, area, station].filter(Boolean).join(" · ");
  };
  const withdraw = (invitation: Invitation) =>
    ask(t("manage.invite.ask_withdraw", { name: invitation.display_name }), t("manage.invite.ask_withdraw_what"), t("manage.invite.withdraw"), () =>
      act.run(withdrawInvitation(invitation.id), () => void invitations.refetch()),
    );
  return (
    <section aria-labelledby="invitations-title" data-testid="invitations">
      <h3 id="invitations-title">{t("manage.invite.pending")}</h3>
      <ListState of={invitations} empty={items.length === 0 && t("manage.invite.none")} />
      <ul className="invitations">
        {items.map((invitation) => (
          <li key={invitation.id}>
            <span><strong>{invitation.display_name}</strong> {what(invitation)}</span>
            <small className="muted">{t("manage.invite.until", { time: timeText(invitation.expires_at, serverClock.nowMs()), by: invitation.created_by })}</small>
            <button type="button" className="button small" aria-label={`${t("manage.invite.withdraw")}: ${invitation.display_name}`} disabled={act.busy} onClick={() => withdraw(invitation)}>{t("manage.invite.withdraw")}</button>
          </li>
        ))}
      </ul>
      <Outcome news={act.news} />
    </section>
  );
}
