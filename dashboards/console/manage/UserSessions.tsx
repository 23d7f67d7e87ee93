/** Where an account is logged in. */
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { browserOf } from "../../src/account/agent";
import { endSession } from "../../src/api/account";
import { endSessions, readSessions } from "../../src/api/manage";
import type { OwnSession } from "../../src/api/types";
import { timeText } from "../../src/time/format";
import { serverClock } from "../../src/time/useNow";
import { ask } from "./ask";
import { sessionsOf } from "./keys";
import { ListState } from "./ListState";
import { Outcome } from "./Outcome";
import { useAct } from "./useAct";
import { ONLY_WHEN_ASKED } from "./usePages";

export function UserSessions({ username }: { username: string }) {
  const { t } = useTranslation();
  const act = useAct();
  const sessions = useQuery({ ...ONLY_WHEN_ASKED, queryKey: sessionsOf(username), queryFn: () => readSessions(username), staleTime: 0 });
  const items = sessions.data ?? [];
  const others = items.filter((session) => !session.own);
  const browserWords = (session: OwnSession) => browserOf(session.agent) ?? t("account.sessions.unknown");
  const renew = () => void sessions.refetch();
  const end = (session: OwnSession) =>
    ask(t("account.sessions.confirm"), t("account.sessions.confirm_what", { browser: browserWords(session), source: session.source }), t("account.sessions.end"), () =>
      act.run(endSession(session.id), renew),
    );
  const endAll = () =>
    ask(t("manage.users.ask_end_all", { username }), t("manage.users.ask_end_all_what"), t("manage.users.end_all"), () =>
      act.run(endSessions(username), renew, t("manage.users.done.end_all", { username })),
    );
  return (
    <section aria-label={t("manage.users.sessions")}>
      <h4>{t("manage.users.sessions")}</h4>
      <ListState of={sessions} empty={items.length === 0 && t("manage.users.nowhere")} />
      <ul className="own-sessions">
        {items.map((session) => (
          <li key={session.id}>
            <span title={session.agent}>
              <strong>{browserWords(session)}</strong> {session.own && <em className="badge">{t("account.sessions.this")}</em>}
              {session.locked && <em className="badge warn">{t("account.sessions.locked")}</em>}
            </span>
            <span className="muted">{t("account.sessions.since", { time: timeText(session.since, serverClock.nowMs()), source: session.source })}</span>
            {!session.own && (
              <button type="button" className="button small" aria-label={`${t("account.sessions.end")}: ${browserWords(session)}, ${session.source}`} disabled={act.busy} onClick={() => end(session)}>{t("account.sessions.end")}</button>
            )}
          </li>
        ))}
      </ul>
      {others.length > 0 && <button type="button" className="button small form-end" disabled={act.busy} onClick={endAll}>{t("manage.users.end_all")}</button>}
      <Outcome news={act.news} />
    </section>
  );
}
