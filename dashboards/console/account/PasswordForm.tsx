/** Changes the own password. What one logs in with is asked for, because a desk may stand open. */
import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { CodeField } from "../../src/account/CodeField";
import { codeDigits } from "../../src/account/code";
import { passwordFault } from "../../src/account/password";
import { changePassword } from "../../src/api/account";
import { useMe } from "../state/deskStore";
import { NewPasswordFields } from "./NewPasswordFields";
import { refusalWords } from "./refusal";
import { WhoseField } from "./WhoseField";

export function PasswordForm({ onDone }: { onDone(): void }) {
  const { t } = useTranslation();
  const me = useMe();
  const username = me?.username ?? "";
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
    const answer = await changePassword(said("old"), said("new"), me?.second_factor ? codeDigits(said("code")) : null);
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
      {me?.second_factor && <CodeField takesFocus={false} />}
      <NewPasswordFields />
      <p role="alert" className={failure ? "notice bad" : "empty"}>{failure}</p>
      <button type="submit" className="button primary form-end" disabled={busy}>{t("account.change")}</button>
    </form>
  );
}
