/** From one hand into the other: there is no moment in which nobody has it. */
import { Modal } from "antd";
import { type FormEvent, useId, useState } from "react";
import { useTranslation } from "react-i18next";
import { transfer } from "../../src/api/dispatch";
import type { Incident } from "../../src/api/types";
import { act } from "../commands/act";
import { useCommand } from "../commands/useCommand";
import { showDialog } from "../state/deskStore";
import { useLive } from "../state/liveStore";
import { CommandDialogFooter } from "./CommandDialogFooter";

/** Operators cannot list accounts; those who hold or closed something are at the desk. */
function useColleagues(holder: string | undefined): string[] {
  const { incidents, closed } = useLive();
  const names = [...Object.values(incidents).map((each) => each.holder?.username), ...Object.values(closed).map((each) => each.closed?.by)];
  return [...new Set(names)].filter((name): name is string => name !== undefined && name !== holder).sort();
}

export function TransferDialog({ incident }: { incident: Incident }) {
  const { t } = useTranslation();
  const [form, list] = [useId(), useId()];
  const [typed, setTyped] = useState("");
  const colleagues = useColleagues(incident.holder?.username);
  const { busy, run } = useCommand();
  const name = typed.trim();
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (name !== "") void run(() => act(incident, `transfer|${name}`, (key) => transfer(incident, name, key), t("transfer.done", { name })));
  };
  return (
    <Modal open title={t("transfer.title")} onCancel={() => showDialog(null)} footer={
      <CommandDialogFooter incident={incident} form={form} busy={busy} canSubmit={name !== ""} submitWords={t("transfer.submit")} />
    }>
      <form id={form} onSubmit={submit}>
        <p>{t("transfer.explain")}</p>
        <label className="field">
          <span>{t("transfer.to")} <small className="muted">{t("transfer.hint")}</small></span>
          <input
            name="to" value={typed} required autoFocus list={list} maxLength={100} autoComplete="off" autoCapitalize="none" spellCheck={false} onChange={(event) => setTyped(event.target.value)}
          />
        </label>
        <datalist id={list}>{colleagues.map((each) => <option key={each} value={each} />)}</datalist>
      </form>
    </Modal>
  );
}
