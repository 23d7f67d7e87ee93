/** Who is logged in where, of all accounts: a telephone that was stolen at night is put out at once, by a supervisor too. */
import { useQuery } from "@tanstack/react-query";
import { useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { byAccount } from "../../src/account/sessions";
import { EVERYBODY, readSessions } from "../../src/api/manage";
import { TextField } from "../residents/TextField";
import { sessionsOf } from "./keys";
import { ListState } from "./ListState";
import { ManageDialog } from "./ManageDialog";
import { Outcome } from "./Outcome";
import { SessionList } from "./SessionList";
import { useAct } from "./useAct";
import { ONLY_WHEN_ASKED } from "./usePages";

/** Families have thousands; whoever is looked for has a name. */
const SHOWN = 50;

export default function SessionsDialog() {
  const { t } = useTranslation();
  const act = useAct();
  const [words, setWords] = useState("");
  const list = useRef<HTMLUListElement>(null);
  const sessions = useQuery({ ...ONLY_WHEN_ASKED, queryKey: sessionsOf(EVERYBODY), queryFn: () => readSessions(EVERYBODY), staleTime: 0 });
  const found = byAccount(sessions.data ?? [], words);
  const renew = () => {
    // The row that was pressed leaves the list, and the focus with it.
    list.current?.focus();
    void sessions.refetch();
  };
  return (
    <ManageDialog title={t("running.title")}>
      <p className="muted">{t("running.explain")}</p>
      <TextField name="q" label={t("running.search")} value={words} onChange={setWords} />
      <Outcome news={act.news} />
      <ListState of={sessions} empty={found.length === 0 && t("running.none")} />
      <ul className="accounts-in" ref={list} tabIndex={-1} aria-label={t("running.title")} data-testid="running">
        {found.slice(0, SHOWN).map(({ username, sessions: theirs }) => (
          <li key={username} data-username={username}>
            <h3>{username} <small className="muted">{t("running.count", { n: theirs.length })}</small></h3>
            <SessionList username={username} sessions={theirs} act={act} onChange={renew} />
          </li>
        ))}
      </ul>
      {found.length > SHOWN && <p role="status" className="muted">{t("running.more", { n: found.length - SHOWN })}</p>}
      <p className="row-acts"><button type="button" className="button" disabled={sessions.isFetching} onClick={renew}>{t("manage.renew")}</button></p>
    </ManageDialog>
  );
}
