import { useTranslation } from "react-i18next";
import { SessionRows, useBrowserWords } from "../../src/account/SessionRows";
import { endSession } from "../../src/api/account";
import { endSessions } from "../../src/api/manage";
import type { OwnSession } from "../../src/api/types";
import { ask } from "./ask";
import type { useAct } from "./useAct";

interface ListProps {
  username: string;
  sessions: readonly OwnSession[];
  act: ReturnType<typeof useAct>;
  onChange(): void;
}

/** The log-ins of one account: each can be ended, and all but the one that looks. */
export function SessionList({ username, sessions, act, onChange }: ListProps) {
  const { t } = useTranslation();
  const browserWords = useBrowserWords();
  const end = (session: OwnSession) =>
    ask(t("account.sessions.confirm"), t("account.sessions.confirm_what", { browser: browserWords(session), source: session.source }), t("account.sessions.end"), () =>
      act.run(endSession(session.id), onChange),
    );
  const endAll = () =>
    ask(t("manage.users.ask_end_all", { username }), t("manage.users.ask_end_all_what"), t("manage.users.end_all"), () =>
      act.run(endSessions(username), onChange, t("manage.users.done.end_all", { username })),
    );
  return (
    <>
      <SessionRows sessions={sessions} isBusy={act.busy} onEnd={end} />
      {sessions.some(({ own }) => !own) && (
        <button type="button" className="button small form-end" aria-label={`${t("manage.users.end_all")}: ${username}`} disabled={act.busy} onClick={endAll}>{t("manage.users.end_all")}</button>
      )}
    </>
  );
}
