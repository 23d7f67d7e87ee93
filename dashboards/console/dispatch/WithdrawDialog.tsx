import { Modal } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { tellTask } from "../../src/api/dispatch";
import type { Incident, IncidentTask } from "../../src/api/types";
import { isLive } from "../../src/task/stages";
import { actOnTask } from "../commands/act";
import { useCommand } from "../commands/useCommand";
import { CommandDialogFooter } from "../incident/CommandDialogFooter";
import { showDialog } from "../state/deskStore";

export function WithdrawDialog({ incident, task }: { incident: Incident; task: IncidentTask }) {
  const { t } = useTranslation();
  const [typed, setTyped] = useState("");
  const { busy, run } = useCommand();
  const { name } = task.station;
  const reason = typed.trim();
  const isOpen = isLive(task);
  const submit = () =>
    void run(() => actOnTask(incident, `withdraw|${task.id}|${reason}`, (key) => tellTask(task, "withdraw", { reason }, key), t("task.withdraw_done", { station: name })));
  return (
    <Modal open title={t("task.withdraw_title", { station: name })} onCancel={() => showDialog(null)} footer={
      <CommandDialogFooter incident={incident} busy={busy} canSubmit={isOpen && reason !== ""} submitWords={t("task.withdraw_submit")} onSubmit={submit} />
    }>
      <p>{isOpen ? t("task.withdraw_explain") : t("task.ended")}</p>
      <label className="field">
        <span>{t("task.reason")} <small className="muted">{t("common.required")}</small></span>
        <textarea rows={3} value={typed} required autoFocus maxLength={2000} onChange={(event) => setTyped(event.target.value)} />
      </label>
    </Modal>
  );
}
