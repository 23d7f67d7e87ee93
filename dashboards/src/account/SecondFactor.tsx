/** The second factor: offered as a picture for the telephone, counted from its first code on, set up and taken off with the password. */
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { removeSecondFactor } from "../api/account";
import type { Session } from "../api/types";
import { FactorPasswordForm } from "./FactorPasswordForm";
import { FactorSetUp, type Picture } from "./FactorSetUp";
import { refusalWords } from "./refusal";

interface SecondFactorProps {
  me: Session;
  picture?: Picture;
  /** Who is in is to be asked anew. */
  onChanged(): void;
}

export function SecondFactor({ me, picture, onChanged }: SecondFactorProps) {
  const { t } = useTranslation();
  const hasOne = me.second_factor;
  return (
    <section aria-labelledby="second-factor">
      <h3 id="second-factor">{t("account.factor.title")}</h3>
      <p role="status" className={hasOne ? "notice good" : "muted"}>{t(hasOne ? "account.factor.is_on" : "account.factor.is_off")}</p>
      {hasOne ? <Removal username={me.username} onDone={onChanged} /> : <FactorSetUp username={me.username} picture={picture} onDone={onChanged} />}
    </section>
  );
}

function Removal({ username, onDone }: { username: string; onDone(): void }) {
  const { t } = useTranslation();
  const [failure, setFailure] = useState("");
  const [busy, setBusy] = useState(false);
  const remove = async (password: string, code: string) => {
    setBusy(true);
    const answer = await removeSecondFactor(password, code);
    setBusy(false);
    if (answer.kind !== "done") return setFailure(refusalWords(answer, t));
    setFailure("");
    onDone();
  };
  return (
    <>
      <FactorPasswordForm
        username={username} label={t("account.factor.password")} action={t("account.factor.remove")} busy={busy} asksCode
        onSubmit={(password, code) => void remove(password, code)}
      />
      <p role="alert" className={failure ? "notice bad" : "empty"}>{failure}</p>
    </>
  );
}
