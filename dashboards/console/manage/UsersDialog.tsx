/** Accounts: who there is, who gets one, who is shut out. An account is never taken away, or the audit log would name nobody. */
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { readUsers } from "../../src/api/manage";
import type { InvitationLink } from "../../src/api/types";
import { InvitationShown } from "./InvitationShown";
import { Invitations } from "./Invitations";
import { InviteStaff } from "./InviteStaff";
import { INVITATIONS, USERS } from "./keys";
import { ListState } from "./ListState";
import { ManageDialog } from "./ManageDialog";
import { usePages } from "./usePages";
import { UserRow } from "./UserRow";

export default function UsersDialog() {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const [opened, setOpened] = useState<string | null>(null);
  const [isInviting, setInviting] = useState(false);
  const [link, setLink] = useState<InvitationLink | null>(null);
  const { pages, items } = usePages(USERS, readUsers);
  const show = (made: InvitationLink) => {
    setInviting(false);
    setLink(made);
    void queries.invalidateQueries({ queryKey: INVITATIONS });
  };
  return (
    <ManageDialog title={t("manage.users.title")}>
      {!isInviting && !link && <button type="button" className="button primary" onClick={() => setInviting(true)}>{t("manage.users.invite")}</button>}
      {isInviting && <InviteStaff onDone={show} onCancel={() => setInviting(false)} />}
      {link && <InvitationShown link={link} onDone={() => setLink(null)} />}
      <Invitations which={() => true} />
      <section aria-labelledby="users-title">
        <h3 id="users-title">{t("manage.users.list")}</h3>
        <ListState of={pages} />
        <ul className="folds" data-testid="users">
          {items.map((user) => (
            <UserRow key={user.username} user={user} opened={opened === user.username} onToggle={() => setOpened(opened === user.username ? null : user.username)} />
          ))}
        </ul>
        {pages.hasNextPage && <button type="button" className="button" disabled={pages.isFetching} onClick={() => void pages.fetchNextPage()}>{t("quarantine.more")}</button>}
      </section>
    </ManageDialog>
  );
}
