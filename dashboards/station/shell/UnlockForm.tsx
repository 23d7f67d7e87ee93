/** No visit is to be made, so there is time for the password. */
import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { WhoseField } from "../../src/account/WhoseField";
import { type Failed, unlock } from "../../src/api/account";
import { DEFAULT_RETRY_AFTER_S } from "../../src/session/session";
import type { Translate } from "../../src/time/format";
import { uncover } from "../shift/cover";

export function UnlockForm({ username }: { username: string }) {
  const { t } = useTranslation();
  const [failure, setFailure] = useState<Failed | null>(null);
  const [busy, setBusy] = useState(false);

  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const element = event.currentTarget;
    setBusy(true);
    const answer = await unlock({ password: String(new FormData(element).get("password")) });
    setBusy(false);
    if (answer.kind === "done") return uncover();
    setFailure(answer);
    element.querySelector<HTMLInputElement>("input[name=password]")?.select();
  };

  return (
    <form className="cover-form" onSubmit={(event) => void submit(event)}>
      <WhoseField username={username} />
      <label className="field">
        <span>{t("login.password")}</span>
        <input name="password" type="password" autoComplete="current-password" required />
      </label>
      <p role="alert" className={failure ? "notice bad" : "empty"}>{failure ? words(failure, t) : ""}</p>
      <button type="submit" className="button primary big" disabled={busy}>{t("cover.unlock")}</button>
    </form>
  );
}

function words(failure: Failed, t: Translate): string {
  if (failure.kind === "unreached") return t("login.unreached");
  if (failure.status === 429) return t("login.throttled", { n: failure.retry_after_s ?? DEFAULT_RETRY_AFTER_S });
  return failure.code === "bad_credentials" ? t("cover.wrong") : t("cover.failed", { detail: failure.detail });
}
