/** Who is logged in where, of all accounts: a telephone that was stolen at night is put out at once, by a supervisor too. */
import { useQuery } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { byAccount, withAccount } from "../../src/account/sessions";
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
/** Whoever pauses so long has typed the name; each asking goes on record. */
const PAUSE_MS = 800;

/** The log-ins of exactly the account that is typed: among those of all it may be too old to be told. */
function useNamed(words: string) {
  const typed = words.trim();
  const [name, setName] = useState("");
  useEffect(() => {
    const timer = window.setTimeout(() => setName(typed), PAUSE_MS);
    return () => window.clearTimeout(timer);
  }, [typed]);
  const isAsked = name !== "" && name !== EVERYBODY && name === typed;
  const found = useQuery({ ...ONLY_WHEN_ASKED, queryKey: sessionsOf(name), queryFn: () => readSessions(name), enabled: isAsked, staleTime: 0 });
  const isOpen = typed !== "" && typed !== EVERYBODY && !(isAsked && found.data);
  return { name, isAsked, isOpen, found, askNow: () => setName(typed) };
}

export default function SessionsDialog() {
  const { t } = useTranslation();
  const act = useAct();
  const [words, setWords] = useState("");
  const list = useRef<HTMLUListElement>(null);
  const sessions = useQuery({ ...ONLY_WHEN_ASKED, queryKey: sessionsOf(EVERYBODY), queryFn: () => readSessions(EVERYBODY), staleTime: 0 });
  const named = useNamed(words);
  const ofAll = sessions.data?.items ?? [];
  const theirs = named.isAsked ? named.found.data?.items : undefined;
  const found = byAccount(theirs ? withAccount(ofAll, named.name, theirs) : ofAll, words);
  const renew = () => {
    // The row that was pressed leaves the list, and the focus with it.
    list.current?.focus();
    void sessions.refetch();
    if (named.isAsked) void named.found.refetch();
  };
  return (
    <ManageDialog title={t("running.title")}>
      <p className="muted">{t("running.explain")}</p>
      <form onSubmit={(event) => { event.preventDefault(); named.askNow(); }}>
        <TextField name="q" label={t("running.search")} value={words} onChange={setWords} />
      </form>
      {sessions.data?.next != null && <p role="status" className="notice warn">{t("running.cut", { n: ofAll.length })}</p>}
      <Outcome news={act.news} />
      <ListState of={sessions} empty={found.length === 0 && !named.isOpen && t("running.none")} />
      {named.isAsked && (named.found.isLoading || named.found.isError) && <ListState of={named.found} />}
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
