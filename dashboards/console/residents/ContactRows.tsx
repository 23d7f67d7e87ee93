import { useId, useState } from "react";
import { useTranslation } from "react-i18next";
import { type ContactDraft, emptyContact } from "../../src/resident/draft";
import { moved, without } from "../../src/resident/lists";
import { TextField } from "./TextField";

interface RowsProps {
  contacts: readonly ContactDraft[];
  fault(field: string): string;
  onChange(contacts: ContactDraft[]): void;
}

type Act = "up" | "down";

export function ContactRows({ contacts, fault, onChange }: RowsProps) {
  const { t } = useTranslation();
  const [said, setSaid] = useState("");
  const id = useId();
  const idOf = (key: number, what: string) => `${id}-${key}-${what}`;
  /** After the list was drawn anew: a button that was moved, or is gone, has lost the focus. */
  const focus = (...ids: string[]) => void window.setTimeout(() => {
    const wanted = ids.map((each) => document.getElementById(each)).find((each) => each !== null && !(each instanceof HTMLButtonElement && each.disabled));
    wanted?.focus();
  });
  const nameOf = ({ name }: ContactDraft, at: number) => name.trim() || t("manage.residents.nth", { n: at + 1 });
  const set = (at: number, some: Partial<ContactDraft>) => onChange(contacts.map((each, n) => (n === at ? { ...each, ...some } : each)));
  const move = (contact: ContactDraft, at: number, act: Act) => {
    const by = act === "up" ? -1 : 1;
    onChange(moved(contacts, at, by));
    setSaid(t("manage.residents.moved", { name: nameOf(contact, at), n: at + by + 1 }));
    focus(idOf(contact.key, act), idOf(contact.key, act === "up" ? "down" : "up"));
  };
  const remove = (contact: ContactDraft, at: number) => {
    onChange(without(contacts, at));
    setSaid(t("manage.residents.removed", { name: nameOf(contact, at) }));
    focus(`${id}-add`);
  };
  const add = () => {
    const key = Math.max(-1, ...contacts.map((each) => each.key)) + 1;
    onChange([...contacts, emptyContact(key)]);
    focus(idOf(key, "name"));
  };
  return (
    <>
      <ol className="contact-rows" data-testid="contact-rows">
        {contacts.map((contact, at) => (
          <li key={contact.key} id={idOf(contact.key, "row")}>
            <span className="contact-place" aria-hidden="true">{at + 1}</span>
            <div className="contact-fields" role="group" aria-label={t("manage.residents.nth", { n: at + 1 })}>
              <TextField id={idOf(contact.key, "name")} name={`contact_name_${at}`} label={t("manage.residents.fields.contact_name")} value={contact.name} onChange={(name) => set(at, { name })} fault={fault(`contacts.${at}.name`)} />
              <TextField name={`contact_relation_${at}`} label={t("manage.residents.fields.contact_relation")} value={contact.relation} onChange={(relation) => set(at, { relation })} fault={fault(`contacts.${at}.relation`)} />
              <TextField name={`contact_telephone_${at}`} inputMode="tel" label={t("manage.residents.fields.contact_telephone")} placeholder={contact.shown} value={contact.telephone} onChange={(telephone) => set(at, { telephone })} fault={fault(`contacts.${at}.telephone`)} />
            </div>
            <span className="contact-acts">
              <button id={idOf(contact.key, "up")} type="button" className="button" disabled={at === 0} aria-label={t("manage.residents.move_up", { name: nameOf(contact, at) })} onClick={() => move(contact, at, "up")}>↑</button>
              <button id={idOf(contact.key, "down")} type="button" className="button" disabled={at === contacts.length - 1} aria-label={t("manage.residents.move_down", { name: nameOf(contact, at) })} onClick={() => move(contact, at, "down")}>↓</button>
              <button type="button" className="button" aria-label={t("manage.residents.remove_contact", { name: nameOf(contact, at) })} onClick={() => remove(contact, at)}>✕</button>
            </span>
          </li>
        ))}
      </ol>
      <p role="status" className="hidden">{said}</p>
      <p className="row-acts"><button id={`${id}-add`} type="button" className="button" onClick={add}>{t("manage.residents.add_contact")}</button></p>
    </>
  );
}
