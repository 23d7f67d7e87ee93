import { type FormEvent, useId, useState } from "react";
import { useTranslation } from "react-i18next";
import { passwordFault } from "../../src/account/password";
import { join } from "../../src/api/account";
import type { Invited } from "../../src/api/types";
import { timeText } from "../../src/time/format";
import { serverClock } from "../../src/time/useNow";
import { NewPasswordFields } from "../../src/account/NewPasswordFields";
import { refusalWords } from "../../src/account/refusal";
import { WhoseField } from "../../src/account/WhoseField";
import { enterByInvitation } from "../session/session";

interface JoinProps {
  code: string;
  invited: Invited;
  onVoid(): void;
  /** They have an account already. */
  onOwnAccount(): void;
}

export function JoinForm({ code, invited, onVoid, onOwnAccount }: JoinProps) {
  const { t } = useTranslation();
  const [failure, setFailure] = useState("");
  const [busy, setBusy] = useState(false);
  const known = invited.username ?? null;
  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const username = known ?? String(form.get("username")).trim();
    const password = String(form.get("new"));
    const fault = passwordFault(username, password, String(form.get("again")));
    if (fault) return setFailure(t(`account.fault.${fault}`));
    setBusy(true);
    const answer = await join(code, known === null ? username : null, password);
    setBusy(false);
    if (answer.kind === "done") return enterByInvitation(answer.value);
    if (answer.kind === "refused" && answer.status === 404) return onVoid();
    setFailure(refusalWords(answer, t));
  };
  return (
    <>
      <p className="join-words">{whoWords()}</p>
      <p className="muted">{t("join.until", { time: timeText(invited.expires_at, serverClock.nowMs()) })}</p>
      <form onSubmit={(event) => void submit(event)}>
        {known === null ? <NameField /> : <WhoseField username={known} />}
        <NewPasswordFields />
        <p role="alert" className={failure ? "notice bad" : "empty"}>{failure}</p>
        <button type="submit" className="button primary wide" disabled={busy}>{t(known === null ? "join.submit" : "join.submit_password")}</button>
      </form>
      {known === null && invited.role === "relative" && <button type="button" className="button wide" onClick={onOwnAccount}>{t("join.own_account")}</button>}
    </>
  );

  function whoWords(): string {
    const values = { name: invited.display_name, role: t(`role.${invited.role}`), relation: invited.relation, username: known };
    if (known !== null) return t("join.password_for", values);
    return t(invited.relation === "" ? "join.as_staff" : "join.as_relative", values);
  }
}

function NameField() {
  const { t } = useTranslation();
  const hint = useId();
  return (
    <>
      <label className="field">
        <span>{t("join.username")}</span>
        <input
          name="username" aria-describedby={hint} autoComplete="username" autoCapitalize="none" autoCorrect="off" spellCheck={false}
          required maxLength={64} pattern="[\p{L}\p{N}._\-]+" title={t("join.username_rules")}
        />
      </label>
      <p id={hint} className="field-hint">{t("join.username_rules")}</p>
    </>
  );
}
