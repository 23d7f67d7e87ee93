/** Whom the incident is about, found as for a call. Anybody at the desk may know the voice. */
import { Modal } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { identify } from "../../src/api/dispatch";
import type { Incident, ResidentListItem } from "../../src/api/types";
import { ResidentSearch } from "../call/ResidentSearch";
import { act } from "../commands/act";
import { useCommand } from "../commands/useCommand";
import { showDialog } from "../state/deskStore";
import { CommandDialogFooter } from "./CommandDialogFooter";

export function IdentifyDialog({ incident }: { incident: Incident }) {
  const { t } = useTranslation();
  const [chosen, setChosen] = useState<ResidentListItem | null>(null);
  const { busy, run } = useCommand();
  const say = (who: { id: string; name: string } | null) =>
    void run(() => act(incident, `identify|${who?.id ?? ""}`, (key) => identify(incident, who?.id ?? null, key), who ? t("identify.done", { name: who.name }) : t("identify.done_nobody")));
  const submit = () => {
    if (chosen) say(chosen);
  };
  return (
    <Modal open width={600} title={t("identify.title")} onCancel={() => showDialog(null)} footer={
      <CommandDialogFooter incident={incident} busy={busy} canSubmit={chosen !== null} submitWords={chosen ? t("identify.is", { name: chosen.name }) : t("identify.title")} onSubmit={submit} />
    }>
      <p className="muted">{t("identify.explain")}</p>
      {incident.resident && (
        <p className="chosen-resident">
          <strong>{t("identify.now", { name: incident.resident.name })}</strong>
          <button type="button" className="button small" disabled={busy} onClick={() => say(null)}>{t("identify.nobody")}</button>
        </p>
      )}
      <ResidentSearch chosen={chosen} onChoose={setChosen} hint={t("manage.search.hint")} failed={t("manage.search.failed")} />
    </Modal>
  );
}
