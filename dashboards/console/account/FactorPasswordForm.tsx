/** The own password once more, before anything changes about the second factor: a desk may stand open. */
import type { FormEvent } from "react";
import { WhoseField } from "./WhoseField";

interface FormProps {
  username: string;
  label: string;
  action: string;
  busy: boolean;
  isPrimary?: boolean;
  takesFocus?: boolean;
  onSubmit(password: string): void;
}

export function FactorPasswordForm({ username, label, action, busy, isPrimary = false, takesFocus = false, onSubmit }: FormProps) {
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    onSubmit(String(new FormData(event.currentTarget).get("password")));
  };
  return (
    <form onSubmit={submit}>
      <WhoseField username={username} />
      <label className="field">
        <span>{label}</span>
        <input name="password" type="password" autoComplete="current-password" required autoFocus={takesFocus} />
      </label>
      <button type="submit" className={isPrimary ? "button primary form-end" : "button form-end"} disabled={busy}>{action}</button>
    </form>
  );
}
