/**
 * Closing needs a cause and an outcome, both from the server's lists; of a press or a fall also that somebody was spoken
 * with, which can be written down here.
 */
import { Modal } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { close, note as writeNote } from "../../src/api/commands";
import type { Incident, NoteContact } from "../../src/api/types";
import { atIt } from "../../src/incident/tasks";
import type { Translate } from "../../src/time/format";
import { serverClock } from "../../src/time/useNow";
import { act } from "../commands/act";
import { showDialog, useMe } from "../state/deskStore";
import { useLive } from "../state/liveStore";
import { Choice } from "./Choice";
import { CommandDialogFooter } from "./CommandDialogFooter";
import { ContactPart } from "./ContactPart";
import { type Snooze, SnoozePart } from "./SnoozePart";
import { useCodes } from "./useCodes";

const HOUR_MS = 3_600_000;

export function CloseDialog({ incident }: { incident: Incident }) {
  const { t } = useTranslation();
  const me = useMe();
  const { codes, isError, label } = useCodes();
  const [cause, setCause] = useState("");
  const [outcome, setOutcome] = useState("");
  const [note, setNote] = useState("");
  const [contact, setContact] = useState<NoteContact | "">("");
  const [said, setSaid] = useState("");
  const [snooze, setSnooze] = useState<Snooze>("0");
  const [busy, setBusy] = useState(false);
  const going = atIt(incident);
  const needsContact = incident.needs_contact;
  const isSpoken = !needsContact || (contact !== "" && said.trim() !== "");
  // Half a contact is none: whoever began to write it down goes on.
  const mayOverride = me?.role === "supervisor" && contact === "" && said.trim() === "";
  const isChosen = cause !== "" && outcome !== "";
  const canSubmit = isChosen && (isSpoken || mayOverride);
  const hint = canSubmit ? "" : t(isChosen ? "contact.missing" : "close.missing");
  const submitWords = t(!needsContact ? "close.submit" : isSpoken ? "contact.submit" : mayOverride ? "contact.submit_anyway" : "contact.submit");
  const submit = async () => {
    setBusy(true);
    if (!needsContact || !isSpoken || (await writeContact(incident, contact, said.trim(), t))) {
      // The note has moved the incident on.
      const latest = useLive.getState().incidents[incident.id] ?? incident;
      const closing = { cause, outcome, note: note.trim(), ...(snooze === "0" ? {} : { snooze_until: new Date(serverClock.nowMs() + Number(snooze) * HOUR_MS).toISOString() }) };
      const done = await act(latest, `close|${cause}|${outcome}|${closing.note}|${snooze}`, (key) => close(latest, closing, key), t("outcome.closed"));
      if (done) showDialog(null);
    }
    setBusy(false);
  };
  const options = (list: "causes" | "outcomes") => (codes?.[list] ?? []).map((code) => ({ value: code.code, label: label(code) }));
  return (
    <Modal open width={640} title={t("close.title")} onCancel={() => showDialog(null)} footer={
      <CommandDialogFooter incident={incident} busy={busy} canSubmit={canSubmit} submitWords={submitWords} onSubmit={() => void submit()} hint={hint} />
    }>
      {isError && <p className="notice bad" role="alert">{t("close.codes_failed")}</p>}
      {going.length > 0 && <p className="notice warn" role="status">{t("task.closing", { n: going.length, names: going.map((task) => task.station.name).join("、") })}</p>}
      {needsContact && <ContactPart contact={contact} said={said} mayOverride={mayOverride} onContact={setContact} onSaid={setSaid} />}
      <Choice name="cause" legend={t("close.cause")} value={cause} onChange={setCause} options={options("causes")} />
      <Choice name="outcome" legend={t("close.outcome")} value={outcome} onChange={setOutcome} options={options("outcomes")} />
      <SnoozePart incident={incident} snooze={snooze} onSnooze={setSnooze} />
      <label className="field">
        <span>{t("close.note")}</span>
        <textarea rows={3} value={note} onChange={(event) => setNote(event.target.value)} />
      </label>
    </Modal>
  );
}

async function writeContact(incident: Incident, contact: NoteContact | "", words: string, t: Translate): Promise<boolean> {
  if (contact === "") return false;
  return act(incident, `note|${contact}|${words}`, (key) => writeNote(incident, words, contact, key), t("outcome.noted"));
}
