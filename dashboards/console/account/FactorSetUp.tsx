/** Sets up the own second factor: the password once more, the picture for the telephone, the first code. */
import { QRCode } from "antd";
import { type FormEvent, type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";
import { codeDigits } from "../../src/account/code";
import { confirmSecondFactor, offerSecondFactor, type Answered } from "../../src/api/account";
import type { SecondFactor as Offer } from "../../src/api/types";
import { CodeField } from "../../src/account/CodeField";
import { FactorPasswordForm } from "./FactorPasswordForm";
import { refusalWords } from "./refusal";

/** Large enough for a telephone held at arm's length before a screen. */
const PICTURE_PX = 200;

interface SetUpProps {
  username: string;
  /** It is all there is on the page. */
  takesFocus?: boolean;
  onDone(): void;
}

export function FactorSetUp({ username, takesFocus = false, onDone }: SetUpProps) {
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
    <ConfirmForm offer={offer} busy={busy} onConfirm={(code) => void ask(confirmSecondFactor(code), onDone)} onCancel={cancel}>
      {said}
    </ConfirmForm>
  );
}

interface ConfirmProps {
  offer: Offer;
  busy: boolean;
  onConfirm(code: string): void;
  onCancel(): void;
  children: ReactNode;
}

function ConfirmForm({ offer, busy, onConfirm, onCancel, children }: ConfirmProps) {
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
        {children}
        <div className="dialog-foot">
          <button type="button" className="button" onClick={onCancel}>{t("common.cancel")}</button>
          <button type="submit" className="button primary" disabled={busy}>{t("account.factor.confirm")}</button>
        </div>
      </div>
    </form>
  );
}
