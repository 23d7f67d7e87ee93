/** A telephone call about somebody, entered by hand. It opens an incident like a press. */
import { Modal } from "antd";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { randomKey } from "../../src/api/client";
import { openCall } from "../../src/api/commands";
import type { ResidentListItem } from "../../src/api/types";
import { failureWords } from "../commands/act";
import { showDialog } from "../state/deskStore";
import { keepIncident } from "../state/liveStore";
import { openIncident } from "../state/route";
import { ResidentSearch } from "./ResidentSearch";
import { dropTyped, keepTyped, typedCall, type TypedCall } from "./typed";

export default function CallDialog() {
  const { t } = useTranslation();
  const [resident, setResident] = useState<ResidentListItem | null>(null);
  const [call, setCall] = useState(typedCall);
  const [failure, setFailure] = useState("");
  const [busy, setBusy] = useState(false);
  // One key for this dialog: pressed again after silence, the server opens no second incident.
  const [key] = useState(randomKey);
  useEffect(() => dropTyped, []);
  const { caller, words } = call;
  const type = (part: Partial<TypedCall>) => {
    const changed = { ...call, ...part };
    keepTyped(changed);
    setCall(changed);
  };
  const submit = async () => {
    setBusy(true);
    const outcome = await openCall({ resident: resident?.id ?? null, caller: caller.trim(), words: words.trim() }, key);
    setBusy(false);
    if (outcome.kind !== "done") return setFailure(failureWords(outcome));
    keepIncident(outcome.incident);
    showDialog(null);
    openIncident(outcome.incident.id);
  };
  return (
    <Modal open width={600} title={t("call.title")} onCancel={() => showDialog(null)} footer={
      <div className="dialog-foot">
        <p role="status" className={failure ? "notice bad" : "empty"}>{failure}</p>
        <button type="button" className="button" onClick={() => showDialog(null)}>{t("common.cancel")}</button>
        <button type="button" className="button primary" disabled={words.trim() === "" || busy} onClick={() => void submit()}>{t("call.submit")}</button>
      </div>
    }>
      <p className="muted">{t("call.explain")}</p>
      <ResidentSearch chosen={resident} onChoose={setResident} />
      <label className="field">
        <span>{t("call.caller")}</span>
        <input value={caller} onChange={(event) => type({ caller: event.target.value })} />
      </label>
      <label className="field">
        <span>{t("call.words")} <small className="muted">{t("common.required")}</small></span>
        <textarea rows={3} value={words} required placeholder={t("call.placeholder")} onChange={(event) => type({ words: event.target.value })} />
      </label>
    </Modal>
  );
}
