/** Sets up the own second factor: the password once more, the picture for the telephone or a link on it, the first code. */
import { type FormEvent, type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";
import { codeDigits } from "./code";
import { confirmSecondFactor, offerSecondFactor, type Answered } from "../api/account";
import type { SecondFactor as Offer } from "../api/types";
import { CodeField } from "./CodeField";
import { FactorPasswordForm } from "./FactorPasswordForm";
import { refusalWords } from "./refusal";

/** How a page shows an address to another device. */
export type Picture = (address: string) => ReactNode;

interface SetUpProps {
  username: string;
  /** Absent on a telephone, which cannot scan its own screen: a link opens the authenticator beside the page. */
  picture?: Picture;
  /** It is all there is on the page. */
  takesFocus?: boolean;
  onDone(): void;
}

export function FactorSetUp({ username, picture, takesFocus = false, onDone }: SetUpProps) {
  const { t } = useTranslation();
  const [offer, setOffer] = useState<Offer | null>(null);
  const [failure, setFailure] = useState("");
  const [busy, setBusy] = useState(false);
  const ask = async <Value,>(request: Promise<Answered<Value>>, onAnswer: (value: Value) => void) => {
    setBusy(true);
    const answer = await request;
    setBusy(false);
    setFailure(answer.kind === "done" ? "" : refusalWords(answer, t));
    if (answer.kind === "done") onAnswer(answer.value);
  };
  const cancel = () => {
    setOffer(null);
    setFailure("");
  };
  const said = <p role="alert" className={failure ? "notice bad" : "empty"}>{failure}</p>;
  if (offer === null) {
    return (
      <>
        <FactorPasswordForm
          username={username} label={t("account.factor.password_set_up")} action={t("account.factor.set_up")} busy={busy} isPrimary takesFocus={takesFocus}
          onSubmit={(password) => void ask(offerSecondFactor(password), setOffer)}
        />
        {said}
      </>
    );
  }
  return (
    <ConfirmForm offer={offer} picture={picture} busy={busy} onConfirm={(code) => void ask(confirmSecondFactor(code), onDone)} onCancel={cancel}>
      {said}
    </ConfirmForm>
  );
}

interface ConfirmProps {
  offer: Offer;
  picture: Picture | undefined;
  busy: boolean;
  onConfirm(code: string): void;
  onCancel(): void;
  children: ReactNode;
}

function ConfirmForm({ offer, picture, busy, onConfirm, onCancel, children }: ConfirmProps) {
  const { t } = useTranslation();
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    onConfirm(codeDigits(String(new FormData(event.currentTarget).get("code"))));
  };
  return (
    <form className="factor" onSubmit={submit}>
      {picture && (
        <div className="factor-picture" role="img" aria-label={t("account.factor.picture")}>
          <div aria-hidden="true">{picture(offer.otpauth)}</div>
        </div>
      )}
      <div className="factor-words">
        <ol>
          <li>{picture ? t("account.factor.scan") : <a className="button big" href={offer.otpauth}>{t("account.factor.open")}</a>}</li>
          <li>{t(picture ? "account.factor.or_type" : "account.factor.or_type_here")} <code className="secret" data-testid="secret">{offer.secret}</code></li>
          <li>{t("account.factor.then_code")}</li>
        </ol>
        <CodeField />
        {children}
        <div className="dialog-foot">
          <button type="button" className="button" onClick={onCancel}>{t("account.cancel")}</button>
          <button type="submit" className="button primary" disabled={busy}>{t("account.factor.confirm")}</button>
        </div>
      </div>
    </form>
  );
}
