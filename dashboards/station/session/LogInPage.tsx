/** Log-in. After a lost session it covers the tasks without unmounting them. */
import { type FormEvent, useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { CodeField } from "../../console/account/CodeField";
import { codeDigits } from "../../src/account/code";
import type { Translate } from "../../src/time/format";
import { switchLanguage } from "../i18n";
import { logIn, type LogInResult } from "./session";

export function LogInPage({ ended, username = "" }: { ended: boolean; username?: string }) {
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
    <main className={ended ? "login login-over" : "login"}>
      <form className="login-box" onSubmit={(event) => void submit(event)}>
        <button type="button" className="button quiet login-language" lang={t("app.language") === "English" ? "en" : "zh-Hans"} onClick={switchLanguage}>
          {t("app.language")}
        </button>
        <h1>{t("login.title")}</h1>
        <p className="muted">{t("login.subtitle")}</p>
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
        <button type="submit" className="button primary big" disabled={busy}>{t("login.submit")}</button>
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
    case "refused":
      return t("login.refused", { detail: result.detail });
    default:
      return t(`login.${result.kind}`);
  }
}
