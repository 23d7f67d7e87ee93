import { useTranslation } from "react-i18next";
import type { InvitationLink } from "../../src/api/types";
import { ShownOnce } from "./ShownOnce";

export function InvitationShown({ link, onDone }: { link: InvitationLink; onDone(): void }) {
  const { t } = useTranslation();
  const { invitation, path } = link;
  const address = window.location.origin + path;
  return (
    <ShownOnce
      title={t(invitation.username == null ? "manage.invite.link_for" : "manage.invite.password_for", { name: invitation.display_name, username: invitation.username })}
      picture={address}
      text={address}
      label={t("manage.invite.link")}
      until={invitation.expires_at}
      onDone={onDone}
    >
      <p>{t("manage.invite.hand_over")}</p>
    </ShownOnce>
  );
}
