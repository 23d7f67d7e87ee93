/** Closing needs a cause and an outcome, both from the server's lists. */
import { Modal } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { close } from "../../src/api/commands";
import type { Incident } from "../../src/api/types";
import { atIt } from "../../src/incident/tasks";
import { act } from "../commands/act";
import { showDialog } from "../state/deskStore";
import { Choice } from "./Choice";
import { CommandDialogFooter } from "./CommandDialogFooter";
import { useCodes } from "./useCodes";

export function CloseDialog({ incident }: { incident: Incident }) {
  const { t } = useTranslation();
  const { codes, isError, label } = useCodes();
  const [cause, setCause] = useState("");
  const [outcome, setOutcome] = useState("");
  const [note, setNote] = useState("");
  const [busy, setBusy] = useState(false);
  const going = atIt(incident);
  const canSubmit = cause !== "" && outcome !== "";
  const submit = async () => {
    setBusy(true);
    const closing = { cause, outcome, note: note.trim() };
    const done = await act(incident, `close|${JSON.stringify(closing)}`, (key) => close(incident, closing, key), t("outcome.closed"));
    setBusy(false);
    if (done) showDialog(null);
  };
  const options = (list: "causes" | "outcomes") => (codes?.[list] ?? []).map((code) => ({ value: code.code, label: label(code) }));
  return (
    <Modal open width={640} title={t("close.title")} onCancel={() => showDialog(null)} footer={
      <CommandDialogFooter incident={incident} busy={busy} canSubmit={canSubmit} submitWords={t("close.submit")} onSubmit={() => void submit()} hint={canSubmit ? "" : t("close.missing")} />
    }>
      {isError && <p className="notice bad" role="alert">{t("close.codes_failed")}</p>}
      {going.length > 0 && <p className="notice warn" role="status">{t("task.closing", { n: going.length, names: going.map((task) => task.station.name).join("、") })}</p>}
      <Choice name="cause" legend={t("close.cause")} value={cause} onChange={setCause} options={options("causes")} />
      <Choice name="outcome" legend={t("close.outcome")} value={outcome} onChange={setOutcome} options={options("outcomes")} />
      <label className="field">
        <span>{t("close.note")}</span>
        <textarea rows={3} value={note} onChange={(event) => setNote(event.target.value)} />
      </label>
    </Modal>
  );
}
