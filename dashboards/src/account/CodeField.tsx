/** The six digits of a second factor. It takes the focus: it appears because they are asked for. */
import { useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";

export function CodeField({ takesFocus = true, isNeeded = true }: { takesFocus?: boolean; isNeeded?: boolean }) {
  const { t } = useTranslation();
  const field = useRef<HTMLInputElement>(null);
  useEffect(() => {
    if (takesFocus) field.current?.focus();
  }, [takesFocus]);
  return (
    <label className="field">
      <span>{t("account.code")} {!isNeeded && <small className="muted">{t("account.code_if_any")}</small>}</span>
      <input ref={field} name="code" className="code" inputMode="numeric" autoComplete="one-time-code" maxLength={12} required={isNeeded} />
    </label>
  );
}
