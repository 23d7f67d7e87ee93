/** What is kept sealed. What is on record shows as a mask at most, stays where nothing is typed, and goes when it is switched off. */
import { useTranslation } from "react-i18next";
import type { ResidentCard } from "../../src/api/types";
import { SEALED } from "../../src/resident/draft";
import type { PartProps } from "./RecordForm";
import { TextField } from "./TextField";

type SealedName = (typeof SEALED)[number];

/** What is shown of a value on record; null where none is there. The card says nothing of the identity number. */
function shownOf(card: ResidentCard, field: SealedName): string | null {
  return field === "identity_number" ? "" : (card[field] ?? null);
}

export function SealedPart({ draft, before, fault, change }: PartProps) {
  const { t } = useTranslation();
  const hintOf = (isRemoved: boolean, shown: string | null) => {
    if (before === null) return "";
    if (isRemoved) return t("manage.residents.hints.removed");
    return t(shown === null ? "manage.residents.hints.nothing_yet" : "manage.residents.hints.keeps");
  };
  return (
    <fieldset className="record-part">
      <legend>{t("manage.residents.parts.sealed")}</legend>
      <p className="field-hint">{t("manage.residents.hints.sealed")}</p>
      <div className="record-grid">
        {SEALED.map((field) => {
          const { typed, isRemoved } = draft[field];
          const shown = before === null ? null : shownOf(before, field);
          const label = t(`manage.residents.fields.${field}`);
          return (
            <div key={field} className={field === "address" ? "record-wide" : undefined}>
              <TextField
                name={field} label={label} inputMode={field === "telephone" ? "tel" : "text"} value={isRemoved ? "" : typed} placeholder={isRemoved ? "" : (shown ?? "")} disabled={isRemoved}
                onChange={(words) => change({ [field]: { typed: words, isRemoved } })} fault={fault(field)} hint={hintOf(isRemoved, shown)}
              />
              {shown !== null && (
                <label className="check">
                  <input type="checkbox" role="switch" name={`remove_${field}`} checked={isRemoved} onChange={(event) => change({ [field]: { typed, isRemoved: event.target.checked } })} />
                  {t("manage.residents.remove_sealed", { label })}
                </label>
              )}
            </div>
          );
        })}
      </div>
    </fieldset>
  );
}
