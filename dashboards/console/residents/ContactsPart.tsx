/** Whom to ring, in order. Those on record stay as they are until somebody says that they change: then all are told anew. */
import { useTranslation } from "react-i18next";
import { contactsOf, type ContactDraft, emptyContact } from "../../src/resident/draft";
import { ContactRows } from "./ContactRows";
import type { PartProps } from "./RecordForm";

export function ContactsPart({ draft, before, fault, change }: PartProps) {
  const { t } = useTranslation();
  const { contacts } = draft;
  const kept = before === null ? [] : contactsOf(before);
  const begin = () => change({ contacts: kept.length > 0 ? kept : [emptyContact(0)] });
  return (
    <fieldset className="record-part">
      <legend>{t("manage.residents.parts.contacts")}</legend>
      {contacts === null ? <Kept kept={kept} onChange={begin} /> : (
        <>
          <p className="field-hint">{t(before === null ? "manage.residents.hints.contacts" : "manage.residents.hints.contacts_anew")}</p>
          {fault("contacts") && <p className="field-hint field-fault" data-fault>{fault("contacts")}</p>}
          <ContactRows contacts={contacts} fault={fault} onChange={(changed) => change({ contacts: changed })} />
          {before !== null && <p className="row-acts"><button type="button" className="button" onClick={() => change({ contacts: null })}>{t("manage.residents.contacts_keep")}</button></p>}
        </>
      )}
    </fieldset>
  );
}

function Kept({ kept, onChange }: { kept: readonly ContactDraft[]; onChange(): void }) {
  const { t } = useTranslation();
  return (
    <>
      {kept.length === 0 ? <p className="muted">{t("card.no_contacts")}</p> : (
        <ol className="contacts">
          {kept.map(({ key, name, relation, shown }) => <li key={key}><span>{name} <small className="muted">{relation}</small></span> <span>{shown}</span></li>)}
        </ol>
      )}
      <p className="row-acts"><button type="button" className="button" onClick={onChange}>{t("manage.residents.contacts_change")}</button></p>
    </>
  );
}
