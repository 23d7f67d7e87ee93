import { Modal } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { release } from "../../src/api/commands";
import type { Incident } from "../../src/api/types";
import { act } from "../commands/act";
import { showDialog } from "../state/deskStore";
import { CommandDialogFooter } from "./CommandDialogFooter";

export function ReleaseDialog({ incident }: { incident: Incident }) {
  const { t } = useTranslation();
  const [reason, setReason] = useState("");
  const [busy, setBusy] = useState(false);
  const submit = async () => {
    setBusy(true);
    const done = await act(incident, `release|${reason}`, (key) => release(incident, reason.trim(), key), t("outcome.released"));
    setBusy(false);
    if (done) showDialog(null);
  };
  return (
    <Modal open title={t("release.title")} onCancel={() => showDialog(null)} footer={
      <CommandDialogFooter incident={incident} busy={busy} canSubmit={reason.trim() !== ""} submitWords={t("release.submit")} onSubmit={() => void submit()} />
    }>
      <p>{t("release.explain")}</p>
      <label className="field">
        <span>{t("release.reason")}</span>
        <textarea rows={3} value={reason} autoFocus onChange={(event) => setReason(event.target.value)} />
      </label>
    </Modal>
  );
}
