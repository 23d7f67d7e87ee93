/** Where the own account is logged in. */
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { endSession, ownSessions } from "../api/account";
import type { OwnSession } from "../api/types";
import { refusalWords } from "./refusal";
import { SessionRows, useBrowserWords } from "./SessionRows";

export const OWN_SESSIONS = ["sessions", "own"];

/** What is asked before something is done that cannot be taken back. */
export interface Question {
  title: string;
  what: string;
  /** The word for doing it. */
  yes: string;
  onYes(): Promise<void>;
}

/** Each page asks in its own way. */
export type Ask = (question: Question) => void;

export function OwnSessions({ ask }: { ask: Ask }) {
  const { t } = useTranslation();
  const browserWords = useBrowserWords();
  const [failure, setFailure] = useState("");
  const sessions = useQuery({ queryKey: OWN_SESSIONS, queryFn: ownSessions, staleTime: 0 });
  const end = async (session: OwnSession) => {
    const answer = await endSession(session.id);
    // One that is gone already is what was wished for.
    const isGone = answer.kind === "done" || (answer.kind === "refused" && answer.status === 404);
    setFailure(isGone ? "" : refusalWords(answer, t));
    void sessions.refetch();
  };
  const confirm = (session: OwnSession) =>
    ask({
      title: t("account.sessions.confirm"),
      what: t("account.sessions.confirm_what", { browser: browserWords(session), source: session.source }),
      yes: t("account.sessions.end"),
      onYes: () => end(session),
    });
  return (
    <section aria-labelledby="own-sessions">
      <h3 id="own-sessions">{t("account.sessions.title")}</h3>
      <p role="alert" className={failure ? "notice bad" : "empty"}>{failure}</p>
      {sessions.isPending && <p aria-busy="true">{t("account.sessions.loading")}</p>}
      {sessions.isError && <p role="alert" className="notice bad">{t("account.sessions.failed")}</p>}
      <SessionRows sessions={sessions.data ?? []} onEnd={confirm} />
    </section>
  );
}
