/** Log-in. After a lost session it covers the desk without unmounting it. */
import { type FormEvent, useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { switchLanguage } from "../i18n";
import { logIn, type LogInResult } from "./session";

export function LogInPage({ ended, username = "" }: { ended: boolean; username?: string }) {
  const { t } = useTranslation();
  const [result, setResult] = useState<LogInResult | null>(null);
  const [busy, setBusy] = useState(false);
  const first = useRef<HTMLInputElement>(null);
  useEffect(() => first.current?.focus(), []);

  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    setBusy(true);
    setResult(await logIn(String(form.get("username")).trim(), String(form.get("password"))));
    setBusy(false);
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
          <input ref={first} name="username" defaultValue={username} autoComplete="username" required autoCapitalize="none" spellCheck={false} />
        </label>
        <label className="field">
          <span>{t("login.password")}</span>
          <input name="password" type="password" autoComplete="current-password" required />
        </label>
        <p role="alert" className={result && result.kind !== "in" ? "notice bad" : "empty"}>{result ? words(result, t) : ""}</p>
        <button type="submit" className="button primary wide" disabled={busy}>{t("login.submit")}</button>
      </form>
    </main>
  );
}

function words(result: LogInResult, t: (key: string, values?: Record<string, unknown>) => string): string {
  switch (result.kind) {
    case "in":
      return "";
    case "bad_credentials":
      return t("login.bad_credentials");
    case "throttled":
      return t("login.throttled", { n: result.retry_after_s });
    case "refused":
      return t("login.refused", { detail: result.detail });
    case "unreached":
      return t("login.unreached");
  }
}
