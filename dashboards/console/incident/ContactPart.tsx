/** Whom one must have spoken with before a press or a fall is closed, and what they said. */
import { useTranslation } from "react-i18next";
import type { NoteContact } from "../../src/api/types";
import { Choice } from "./Choice";

const CONTACTS: readonly NoteContact[] = ["resident", "witness", "120", "110"];

interface ContactProps {
  contact: NoteContact | "";
  said: string;
  mayOverride: boolean;
  onContact(contact: NoteContact): void;
  onSaid(said: string): void;
}

export function ContactPart({ contact, said, mayOverride, onContact, onSaid }: ContactProps) {
  const { t } = useTranslation();
  return (
    <div className="contact-part" data-testid="contact-part">
      <p className="notice warn" role="status">{t(mayOverride ? "contact.override" : "contact.needed")}</p>
      <Choice<NoteContact | ""> name="contact" legend={t("contact.who")} value={contact} onChange={(value) => value !== "" && onContact(value)} options={CONTACTS.map((value) => ({ value, label: t(`note.${value}`) }))} />
      <label className="field">
        <span>{t("contact.words")}</span>
        <textarea name="said" rows={2} value={said} maxLength={4000} placeholder={t("contact.words_hint")} onChange={(event) => onSaid(event.target.value)} />
      </label>
    </div>
  );
}
