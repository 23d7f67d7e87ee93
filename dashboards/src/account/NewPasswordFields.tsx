/** A new password, typed twice; it can be looked at while it is typed. */
import { useId, useState } from "react";
import { useTranslation } from "react-i18next";
import { PASSWORD_CHARACTERS } from "./password";

export function NewPasswordFields() {
  const { t } = useTranslation();
  const [isShown, setShown] = useState(false);
  const hint = useId();
  const type = isShown ? "text" : "password";
  const same = { type, required: true, autoComplete: "new-password", autoCapitalize: "none", spellCheck: false };
  return (
    <>
      <label className="field">
        <span>{t("account.new")}</span>
        <input {...same} name="new" aria-describedby={hint} />
      </label>
      <p id={hint} className="field-hint">{t("account.rules", { n: PASSWORD_CHARACTERS })}</p>
      <label className="field">
        <span>{t("account.again")}</span>
        <input {...same} name="again" />
      </label>
      <label className="check">
        <input type="checkbox" checked={isShown} onChange={(event) => setShown(event.target.checked)} /> {t("account.show")}
      </label>
    </>
  );
}
