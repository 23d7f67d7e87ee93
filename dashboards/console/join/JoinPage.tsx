/** What an invitation opens: who is invited as what, and how they will log in. Made for a telephone and for once. */
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { readInvitation } from "../../src/api/account";
import { refusalWords } from "../../src/account/refusal";
import { LanguageButton } from "../../src/i18n/LanguageButton";
import { LogInPage } from "../../src/session/LogInPage";
import { logInAndRedeem } from "../session/session";
import { JoinForm } from "./JoinForm";

export function JoinPage({ code }: { code: string }) {
  const { t } = useTranslation();
  const read = useQuery({ queryKey: ["join", code], queryFn: () => readInvitation(code), staleTime: Infinity, refetchOnWindowFocus: false, retry: false });
  const [hasAccount, setHasAccount] = useState(false);
  const answer = read.data;
  if (hasAccount) return <LogInPage logIn={logInAndRedeem(code)} ended={false} note={t("join.own_account_what")} button="wide" />;
  return (
    <main className="login join" aria-busy={read.isPending}>
      <div className="login-box">
        <LanguageButton className="quiet login-language" />
        <h1>{t("join.title")}</h1>
        {!answer && <p>{t("incident.loading")}</p>}
        {answer?.kind === "done" && <JoinForm code={code} invited={answer.value} onVoid={() => void read.refetch()} onOwnAccount={() => setHasAccount(true)} />}
        {answer?.kind === "refused" && answer.status === 404 && <Void />}
        {answer && answer.kind !== "done" && !(answer.kind === "refused" && answer.status === 404) && (
          <>
            <p role="alert" className="notice bad">{refusalWords(answer, t)}</p>
            <button type="button" className="button primary wide" onClick={() => void read.refetch()}>{t("incident.retry")}</button>
          </>
        )}
      </div>
    </main>
  );
}

function Void() {
  const { t } = useTranslation();
  return (
    <div role="alert">
      <p className="notice bad"><strong>{t("join.void")}</strong></p>
      <p className="join-words">{t("join.void_ask")}</p>
      <p className="join-words"><a className="button wide" href="#/">{t("join.log_in")}</a></p>
    </div>
  );
}
