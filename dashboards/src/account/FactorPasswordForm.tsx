/** The own password once more, before anything changes about the second factor: a desk may stand open. */
import type { FormEvent } from "react";
import { CodeField } from "./CodeField";
import { codeDigits } from "./code";
import { WhoseField } from "./WhoseField";

interface FormProps {
  username: string;
  label: string;
  action: string;
  busy: boolean;
  isPrimary?: boolean;
  takesFocus?: boolean;
  asksCode?: boolean;
  onSubmit(password: string, code: string): void;
}

export function FactorPasswordForm({ username, label, action, busy, isPrimary = false, takesFocus = false, asksCode = false, onSubmit }: FormProps) {
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    onSubmit(String(form.get("password")), codeDigits(String(form.get("code") ?? "")));
  };
  return (
    <form onSubmit={submit}>
      <WhoseField username={username} />
      <label className="field">
        <span>{label}</span>
        <input name="password" type="password" autoComplete="current-password" required autoFocus={takesFocus} />
      </label>
      {asksCode && <CodeField takesFocus={false} />}
      <button type="submit" className={isPrimary ? "button primary form-end" : "button form-end"} disabled={busy}>{action}</button>
    </form>
  );
}
