import { useTranslation } from "react-i18next";
import { type Share, SHARES, withShare } from "../../src/family/consent";

/** What a relative may see by the consent. None is chosen beforehand: each was agreed to, or was not. */
export function SharesField({ shares, onChange }: { shares: readonly Share[]; onChange(shares: readonly Share[]): void }) {
  const { t } = useTranslation();
  return (
    <fieldset className="choice">
      <legend>{t("manage.consents.shares_title")}</legend>
      <div className="choice-options">
        {SHARES.map((share) => (
          <label key={share} className={shares.includes(share) ? "choice-option chosen" : "choice-option"}>
            <input type="checkbox" name={`share_${share}`} checked={shares.includes(share)} onChange={() => onChange(withShare(shares, share))} /> {t(`manage.consents.shares.${share}`)}
          </label>
        ))}
      </div>
    </fieldset>
  );
}
