/** Log-in. After a lost session it stands in the place of the page, and says so. */
import { type FormEvent, useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { codeDigits } from "../account/code";
import { CodeField } from "../account/CodeField";
import { LanguageButton } from "../i18n/LanguageButton";
import type { Translate } from "../time/format";
import type { LogIn, LogInResult } from "./session";

interface LogInPageProps {
  logIn: LogIn;
  ended: boolean;
  username?: string;
  /** What it is for, in place of what stands there else. */
  note?: string;
  /** How wide its button is where this page is used. */
  button: "wide" | "big";
}

export function LogInPage({ logIn, ended, username = "", note, button }: LogInPageProps) {
  const { t } = useTranslation();
  const [result, setResult] = useState<LogInResult | null>(null);
  const [busy, setBusy] = useState(false);
  const [needsCode, setNeedsCode] = useState(false);
  const [tries, setTries] = useState(0);
  const first = useRef<HTMLInputElement>(null);
  useEffect(() => first.current?.focus(), []);

  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const code = form.get("code");
    setBusy(true);
    const answer = await logIn(String(form.get("username")).trim(), String(form.get("password")), code === null ? null : codeDigits(String(code)));
    setBusy(false);
    setResult(answer);
    if (answer.kind === "code_required") setNeedsCode(true);
    if (answer.kind === "bad_code") setTries((before) => before + 1);
  };

  return (
    <main className="login">
      <form className="login-box" onSubmit={(event) => void submit(event)}>
        <LanguageButton className="quiet login-language" />
        <h1>{t("login.title")}</h1>
        <p className="muted">{note ?? t("login.subtitle")}</p>
        {ended && <p role="alert" className="notice bad">{t("login.ended")}</p>}
        <label className="field">
          <span>{t("login.username")}</span>
          <input ref={first} name="username" defaultValue={username} autoComplete="username" required autoCapitalize="none" spellCheck={false} onChange={() => setNeedsCode(false)} />
        </label>
        <label className="field">
          <span>{t("login.password")}</span>
          <input name="password" type="password" autoComplete="current-password" required />
        </label>
        {needsCode && <CodeField key={tries} />}
        <p role="alert" className={toneOf(result)}>{result ? words(result, t) : ""}</p>
        <button type="submit" className={`button primary ${button}`} disabled={busy}>{t("login.submit")}</button>
      </form>
    </main>
  );
}

/** A code that is asked for is the next step, not a fault. */
function toneOf(result: LogInResult | null): string {
  if (!result || result.kind === "in") return "empty";
  return result.kind === "code_required" ? "notice" : "notice bad";
}

function words(result: LogInResult, t: Translate): string {
  switch (result.kind) {
    case "in":
      return "";
    case "throttled":
      return t("login.throttled", { n: result.retry_after_s });
    case "told":
      return result.words;
    case "refused":
      return t("login.refused", { detail: result.detail });
    default:
      return t(`login.${result.kind}`);
  }
}
