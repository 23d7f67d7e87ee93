/** The own account on a telephone: its sessions run longest there, and whoever loses one ends it from another. */
import { useTranslation } from "react-i18next";
import type { Session } from "../api/types";
import { AccountParts } from "./AccountParts";
import type { Question } from "./OwnSessions";

interface AccountPageProps {
  me: Session;
  /** Who is in is to be asked anew. */
  onChanged(): void;
}

/** The browser's own question: a page of a telephone has no other. */
function ask({ title, what, onYes }: Question): void {
  if (window.confirm(`${title}\n${what}`)) void onYes();
}

export function AccountPage({ me, onChanged }: AccountPageProps) {
  const { t } = useTranslation();
  return (
    <div className="own-account" data-testid="own-account">
      <h2>{t("account.title")}</h2>
      <p className="muted">{t("account.whose", { name: me.display_name, username: me.username })}</p>
      <AccountParts me={me} ask={ask} onChanged={onChanged} />
    </div>
  );
}
