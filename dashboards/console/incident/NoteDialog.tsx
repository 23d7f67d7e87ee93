import { Modal } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { note } from "../../src/api/commands";
import type { Incident, NoteContact } from "../../src/api/types";
import { act } from "../commands/act";
import { showDialog } from "../state/deskStore";
import { Choice } from "./Choice";
import { CommandDialogFooter } from "./CommandDialogFooter";

const CONTACTS: readonly NoteContact[] = ["resident", "witness", "120", "110"];

export function NoteDialog({ incident }: { incident: Incident }) {
  const { t } = useTranslation();
  const [text, setText] = useState("");
  const [contact, setContact] = useState<NoteContact | "">("");
  const [busy, setBusy] = useState(false);
  const submit = async () => {
    setBusy(true);
    const done = await act(incident, `note|${contact}|${text}`, (key) => note(incident, text, contact || null, key), t("outcome.noted"));
    setBusy(false);
    if (done) showDialog(null);
  };
  return (
    <Modal open title={t("note.title")} onCancel={() => showDialog(null)} footer={
      <CommandDialogFooter incident={incident} busy={busy} canSubmit={text.trim() !== "" || contact !== ""} submitWords={t("note.submit")} onSubmit={() => void submit()} />
    }>
      <Choice<NoteContact | "">
        name="contact"
        legend={t("note.contact")}
        value={contact}
        onChange={setContact}
        options={[{ value: "", label: t("note.no_contact") }, ...CONTACTS.map((value) => ({ value, label: t(`note.${value}`) }))]}
      />
      <label className="field">
        <span>{t("note.text")}</span>
        <textarea rows={4} value={text} autoFocus placeholder={t("note.placeholder")} onChange={(event) => setText(event.target.value)} />
      </label>
    </Modal>
  );
}
