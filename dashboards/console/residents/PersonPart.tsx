/** Who, and what a helper must know before going there. */
import { useTranslation } from "react-i18next";
import { ANSWERS, HOUSEHOLDS, SELF_CARE, SEXES, type Draft } from "../../src/resident/draft";
import { dateOf } from "../../src/time/format";
import { serverClock } from "../../src/time/useNow";
import { Choice } from "../incident/Choice";
import type { PartProps } from "./RecordForm";
import { TagsField } from "./TagsField";
import { TextField } from "./TextField";

const CHOICES = { sex: SEXES, household: HOUSEHOLDS, cognitive: ANSWERS, self_care: SELF_CARE } as const;

export function PersonPart({ draft, before, fault, change }: PartProps) {
  const { t } = useTranslation();
  const label = (field: string) => t(`manage.residents.fields.${field}`);
  const choice = (field: keyof typeof CHOICES) => (
    <div data-fault={fault(field) !== "" || undefined}>
      <Choice<string>
        name={field} legend={<>{label(field)} <small className="muted">{t("common.required")}</small></>} value={draft[field]} onChange={(value) => change({ [field]: value } as Partial<Draft>)}
        options={CHOICES[field].map((value) => ({ value, label: t(`manage.residents.values.${value}`) }))}
      />
      {fault(field) && <p className="field-hint field-fault">{fault(field)}</p>}
    </div>
  );
  return (
    <fieldset className="record-part">
      <legend>{t("manage.residents.parts.person")}</legend>
      <div className="record-grid">
        <TextField name="name" label={label("name")} value={draft.name} onChange={(name) => change({ name })} fault={fault("name")} isNeeded />
        <TextField name="birth_date" type="date" max={dateOf(serverClock.nowMs())} label={label("birth_date")} value={draft.birth_date} onChange={(birth_date) => change({ birth_date })} fault={fault("birth_date")} isNeeded />
        {choice("sex")}
        {choice("household")}
        {choice("cognitive")}
        {choice("self_care")}
        <TagsField name="conditions" label={label("conditions")} tags={draft.conditions} onChange={(conditions) => change({ conditions })} fault={fault("conditions")} />
        <TagsField name="allergies" label={label("allergies")} tags={draft.allergies} onChange={(allergies) => change({ allergies })} fault={fault("allergies")} />
        {before === null && <TextField name="id" label={label("id")} hint={t("manage.residents.hints.id")} value={draft.id} onChange={(id) => change({ id })} fault={fault("id")} />}
      </div>
    </fieldset>
  );
}
