/** Changes the own password. What one logs in with is asked for, because a desk may stand open. */
import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { CodeField } from "./CodeField";
import { codeDigits } from "./code";
import { passwordFault } from "./password";
import { changePassword } from "../api/account";
import type { Session } from "../api/types";
import { NewPasswordFields } from "./NewPasswordFields";
import { refusalWords } from "./refusal";
import { WhoseField } from "./WhoseField";

interface PasswordFormProps {
  me: Pick<Session, "username" | "second_factor">;
  onDone(): void;
}

export function PasswordForm({ me: { username, second_factor: hasCode }, onDone }: PasswordFormProps) {
  const { t } = useTranslation();
  const [failure, setFailure] = useState("");
  const [busy, setBusy] = useState(false);
  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const element = event.currentTarget;
    const form = new FormData(element);
    const said = (name: string) => String(form.get(name));
    const fault = passwordFault(username, said("new"), said("again"));
    if (fault) return setFailure(t(`account.fault.${fault}`));
    setBusy(true);
    const answer = await changePassword(said("old"), said("new"), hasCode ? codeDigits(said("code")) : null);
    setBusy(false);
    if (answer.kind !== "done") return setFailure(refusalWords(answer, t));
    setFailure("");
    element.reset();
    onDone();
  };
  return (
    <form onSubmit={(event) => void submit(event)}>
      <WhoseField username={username} />
      <label className="field">
        <span>{t("account.old")}</span>
        <input name="old" type="password" autoComplete="current-password" required />
      </label>
      {hasCode && <CodeField takesFocus={false} />}
      <NewPasswordFields />
      <p role="alert" className={failure ? "notice bad" : "empty"}>{failure}</p>
      <button type="submit" className="button primary form-end" disabled={busy}>{t("account.change")}</button>
    </form>
  );
}
