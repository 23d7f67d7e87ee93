/** The second factor: offered as a picture for the telephone, counted from its first code on, taken off with the password. */
import { QRCode } from "antd";
import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { codeDigits } from "../../src/account/code";
import { confirmSecondFactor, offerSecondFactor, removeSecondFactor, type Answered } from "../../src/api/account";
import type { SecondFactor as Offer } from "../../src/api/types";
import { askWhoIsIn } from "../session/session";
import { useMe } from "../state/deskStore";
import { CodeField } from "./CodeField";
import { refusalWords } from "./refusal";
import { WhoseField } from "./WhoseField";

/** Large enough for a telephone held at arm's length before a screen. */
const PICTURE_PX = 200;

export function SecondFactor() {
  const { t } = useTranslation();
  const me = useMe();
  const [offer, setOffer] = useState<Offer | null>(null);
  const [failure, setFailure] = useState("");
  const [busy, setBusy] = useState(false);
  const hasOne = me?.second_factor === true;

  const ask = async <Value,>(request: Promise<Answered<Value>>, onDone: (value: Value) => void) => {
    setBusy(true);
    const answer = await request;
    setBusy(false);
    setFailure(answer.kind === "done" ? "" : refusalWords(answer, t));
    if (answer.kind === "done") onDone(answer.value);
  };
  const changed = () => {
    setOffer(null);
    void askWhoIsIn();
  };

  return (
    <section aria-labelledby="second-factor">
      <h3 id="second-factor">{t("account.factor.title")}</h3>
      <p role="status" className={hasOne ? "notice good" : "muted"}>{t(hasOne ? "account.factor.is_on" : "account.factor.is_off")}</p>
      {hasOne && <RemoveForm username={me.username} busy={busy} onRemove={(password) => void ask(removeSecondFactor(password), changed)} />}
      {!hasOne && !offer && (
        <button type="button" className="button form-end" disabled={busy} onClick={() => void ask(offerSecondFactor(), setOffer)}>{t("account.factor.set_up")}</button>
      )}
      {!hasOne && offer && (
        <ConfirmForm offer={offer} busy={busy} onConfirm={(code) => void ask(confirmSecondFactor(code), changed)} onCancel={() => { setOffer(null); setFailure(""); }} />
      )}
      <p role="alert" className={failure ? "notice bad" : "empty"}>{failure}</p>
    </section>
  );
}

interface ConfirmProps {
  offer: Offer;
  busy: boolean;
  onConfirm(code: string): void;
  onCancel(): void;
}

function ConfirmForm({ offer, busy, onConfirm, onCancel }: ConfirmProps) {
  const { t } = useTranslation();
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    onConfirm(codeDigits(String(new FormData(event.currentTarget).get("code"))));
  };
  return (
    <form className="factor" onSubmit={submit}>
      <div className="factor-picture" role="img" aria-label={t("account.factor.picture")}>
        <div aria-hidden="true">
          <QRCode value={offer.otpauth} size={PICTURE_PX} type="svg" color="#000000" bgColor="#ffffff" bordered={false} />
        </div>
      </div>
      <div className="factor-words">
        <ol>
          <li>{t("account.factor.scan")}</li>
          <li>{t("account.factor.or_type")} <code className="secret" data-testid="secret">{offer.secret}</code></li>
          <li>{t("account.factor.then_code")}</li>
        </ol>
        <CodeField />
        <div className="dialog-foot">
          <button type="button" className="button" onClick={onCancel}>{t("common.cancel")}</button>
          <button type="submit" className="button primary" disabled={busy}>{t("account.factor.confirm")}</button>
        </div>
      </div>
    </form>
  );
}

function RemoveForm({ username, busy, onRemove }: { username: string; busy: boolean; onRemove(password: string): void }) {
  const { t } = useTranslation();
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    onRemove(String(new FormData(event.currentTarget).get("password")));
  };
  return (
    <form onSubmit={submit}>
      <WhoseField username={username} />
      <label className="field">
        <span>{t("account.factor.password")}</span>
        <input name="password" type="password" autoComplete="current-password" required />
      </label>
      <button type="submit" className="button form-end" disabled={busy}>{t("account.factor.remove")}</button>
    </form>
  );
}
