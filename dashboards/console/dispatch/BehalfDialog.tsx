/** What a station says by telephone is written down in its place, in its own words. */
import { Modal } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { tellTask } from "../../src/api/dispatch";
import type { Incident, IncidentTask, TaskAct } from "../../src/api/types";
import { actsFrom } from "../../src/incident/tasks";
import { actOnTask } from "../commands/act";
import { useCommand } from "../commands/useCommand";
import { Choice } from "../incident/Choice";
import { CommandDialogFooter } from "../incident/CommandDialogFooter";
import { showDialog } from "../state/deskStore";

export function BehalfDialog({ incident, task }: { incident: Incident; task: IncidentTask }) {
  const { t } = useTranslation();
  const acts = actsFrom(task.state);
  const [what, setWhat] = useState<TaskAct | "">("");
  const [words, setWords] = useState("");
  const { busy, run } = useCommand();
  const { name } = task.station;
  // The task may move while the words are typed; what is no longer possible is chosen anew.
  const act = what !== "" && acts.includes(what) ? what : "";
  const said = words.trim();
  const submit = () => {
    if (act === "") return;
    const doneWords = t("task.behalf_done", { station: name, what: t(`task.act.${act}`) });
    void run(() => actOnTask(incident, `${act}|${task.id}|${said}`, (key) => tellTask(task, act, { words: said }, key), doneWords));
  };
  return (
    <Modal open title={t("task.behalf_title", { station: name })} onCancel={() => showDialog(null)} footer={
      <CommandDialogFooter incident={incident} busy={busy} canSubmit={act !== "" && said !== ""} submitWords={t("task.behalf_submit")} onSubmit={submit} />
    }>
      <p className="muted">{t("task.behalf_explain")}</p>
      {acts.length === 0 && <p className="notice warn" role="status">{t("task.ended")}</p>}
      <Choice<TaskAct | ""> name="act" legend={t("task.what")} value={act} onChange={setWhat} options={acts.map((value) => ({ value, label: t(`task.act.${value}`) }))} />
      <label className="field">
        <span>{t("task.words")} <small className="muted">{t("common.required")}</small></span>
        <textarea rows={3} value={words} required maxLength={2000} placeholder={t("task.words_hint")} onChange={(event) => setWords(event.target.value)} />
      </label>
    </Modal>
  );
}
