/** The ambulance, the police or the fire brigade was told. The holder goes on having the incident. */
import { Modal } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { handOver } from "../../src/api/dispatch";
import type { Incident, Service } from "../../src/api/types";
import { act } from "../commands/act";
import { useCommand } from "../commands/useCommand";
import { showDialog } from "../state/deskStore";
import { Choice } from "./Choice";
import { CommandDialogFooter } from "./CommandDialogFooter";

const SERVICES: readonly Service[] = ["120", "110", "119"];

export function HandoverDialog({ incident }: { incident: Incident }) {
  const { t } = useTranslation();
  const [to, setTo] = useState<Service>("120");
  const [typed, setTyped] = useState("");
  const { busy, run } = useCommand();
  const words = typed.trim();
  const submit = () => void run(() => act(incident, `handover|${to}|${words}`, (key) => handOver(incident, to, words, key), t("handover.done", { to })));
  return (
    <Modal open title={t("handover.title")} onCancel={() => showDialog(null)} footer={
      <CommandDialogFooter incident={incident} busy={busy} canSubmit={words !== ""} submitWords={t("handover.submit")} onSubmit={submit} />
    }>
      <p>{t("handover.explain")}</p>
      <Choice<Service> name="service" legend={t("handover.to")} value={to} onChange={setTo} options={SERVICES.map((value) => ({ value, label: t(`handover.${value}`) }))} />
      <label className="field">
        <span>{t("handover.words")} <small className="muted">{t("common.required")}</small></span>
        <textarea rows={3} value={typed} required autoFocus maxLength={4000} placeholder={t("handover.words_hint")} onChange={(event) => setTyped(event.target.value)} />
      </label>
    </Modal>
  );
}
