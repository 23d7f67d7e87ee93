/** By the own password, or by a supervisor's where its holder is not there. */
import { type FormEvent, useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { codeDigits } from "../../src/account/code";
import type { Failed, Unlocking } from "../../src/api/account";
import type { Translate } from "../../src/time/format";
import { CodeField } from "../../src/account/CodeField";
import { refusalWords } from "../../src/account/refusal";
import { WhoseField } from "../../src/account/WhoseField";
import { unlockScreen } from "./lock";

export function UnlockForm({ username }: { username: string }) {
  const { t } = useTranslation();
  const [bySupervisor, setBySupervisor] = useState(false);
  const [failure, setFailure] = useState<Failed | null>(null);
  const [busy, setBusy] = useState(false);
  const first = useRef<HTMLInputElement>(null);
  useEffect(() => first.current?.focus(), [bySupervisor]);

  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const element = event.currentTarget;
    setBusy(true);
    const answer = await unlockScreen(howOf(new FormData(element)));
    setBusy(false);
    if (answer.kind === "done") return;
    setFailure(answer);
    element.querySelector<HTMLInputElement>("input[name=password]")?.select();
  };
  const change = () => {
    setBySupervisor(!bySupervisor);
    setFailure(null);
  };

  return (
    <form key={String(bySupervisor)} onSubmit={(event) => void submit(event)}>
      {bySupervisor ? (
        <label className="field">
          <span>{t("lock.supervisor")}</span>
          <input ref={first} name="supervisor" autoComplete="off" autoCapitalize="none" spellCheck={false} required />
        </label>
      ) : (
        <WhoseField username={username} />
      )}
      <label className="field">
        <span>{t(bySupervisor ? "lock.supervisor_password" : "lock.password")}</span>
        <input ref={bySupervisor ? null : first} name="password" type="password" autoComplete={bySupervisor ? "off" : "current-password"} required />
      </label>
      {bySupervisor && <CodeField takesFocus={false} isNeeded={false} />}
      <p role="alert" className={failure ? "notice bad" : "empty"}>{failure ? words(failure, bySupervisor, t) : ""}</p>
      <button type="submit" className="button primary wide" disabled={busy}>{t("lock.unlock")}</button>
      <button type="button" className="button wide lock-other" onClick={change}>{t(bySupervisor ? "lock.by_myself" : "lock.by_supervisor")}</button>
    </form>
  );
}

function howOf(form: FormData): Unlocking {
  const password = String(form.get("password"));
  const supervisor = form.get("supervisor");
  if (supervisor === null) return { password };
  const code = codeDigits(String(form.get("code") ?? ""));
  return { password, supervisor: String(supervisor).trim(), ...(code === "" ? {} : { code }) };
}

/** What a supervisor is to do before unlocking others. */
const OWED: ReadonlySet<string> = new Set(["password_change_required", "second_factor_required"]);

function words(failure: Failed, bySupervisor: boolean, t: Translate): string {
  if (bySupervisor && failure.kind === "refused" && OWED.has(failure.code)) return t("lock.owes");
  if (bySupervisor && failure.kind === "refused" && failure.code === "bad_credentials") return t("lock.no_supervisor");
  return refusalWords(failure, t);
}
