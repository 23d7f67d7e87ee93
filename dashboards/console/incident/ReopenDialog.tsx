import { Modal } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { reopen } from "../../src/api/dispatch";
import type { Incident } from "../../src/api/types";
import { act } from "../commands/act";
import { useCommand } from "../commands/useCommand";
import { showDialog } from "../state/deskStore";
import { CommandDialogFooter } from "./CommandDialogFooter";

export function ReopenDialog({ incident }: { incident: Incident }) {
  const { t } = useTranslation();
  const [typed, setTyped] = useState("");
  const { busy, run } = useCommand();
  const reason = typed.trim();
  const submit = () => void run(() => act(incident, `reopen|${reason}`, (key) => reopen(incident, reason, key), t("reopen.done")));
  return (
    <Modal open title={t("reopen.title")} onCancel={() => showDialog(null)} footer={
      <CommandDialogFooter incident={incident} busy={busy} canSubmit={reason !== ""} submitWords={t("reopen.submit")} onSubmit={submit} />
    }>
      <p>{t("reopen.explain")}</p>
      <label className="field">
        <span>{t("reopen.reason")} <small className="muted">{t("common.required")}</small></span>
        <textarea rows={3} value={typed} required autoFocus maxLength={4000} onChange={(event) => setTyped(event.target.value)} />
      </label>
    </Modal>
  );
}
