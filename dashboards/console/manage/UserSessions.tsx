/** Where an account is logged in. */
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { readSessions } from "../../src/api/manage";
import { sessionsOf } from "./keys";
import { ListState } from "./ListState";
import { Outcome } from "./Outcome";
import { SessionList } from "./SessionList";
import { useAct } from "./useAct";
import { ONLY_WHEN_ASKED } from "./usePages";

export function UserSessions({ username }: { username: string }) {
  const { t } = useTranslation();
  const act = useAct();
  const sessions = useQuery({ ...ONLY_WHEN_ASKED, queryKey: sessionsOf(username), queryFn: () => readSessions(username), staleTime: 0 });
  const items = sessions.data?.items ?? [];
  return (
    <section aria-label={t("manage.users.sessions")}>
      <h4>{t("manage.users.sessions")}</h4>
      <ListState of={sessions} empty={items.length === 0 && t("manage.users.nowhere")} />
      <SessionList username={username} sessions={items} act={act} onChange={() => void sessions.refetch()} />
      <Outcome news={act.news} />
    </section>
  );
}
