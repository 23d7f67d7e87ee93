import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { Handset, ResidentListItem } from "../../src/api/types";
import { ResidentSearch } from "../call/ResidentSearch";
import { InlineForm } from "./InlineForm";

interface BindProps {
  handset: Handset;
  busy: boolean;
  onBind(resident: ResidentListItem): void;
  onCancel(): void;
}

export function BindForm({ handset, busy, onBind, onCancel }: BindProps) {
  const { t } = useTranslation();
  const [chosen, setChosen] = useState<ResidentListItem | null>(null);
  const submit = () => {
    if (chosen) onBind(chosen);
  };
  return (
    <InlineForm label={t("manage.handsets.acts.bind")} onSubmit={submit} onCancel={onCancel}>
      <ResidentSearch chosen={chosen} onChoose={setChosen} hint={t("manage.search.hint")} failed={t("manage.search.failed")} />
      {chosen && handset.resident && <p>{t("manage.handsets.instead", { before: handset.resident.name, name: chosen.name })}</p>}
      {chosen?.handset != null && chosen.handset !== handset.id && <p>{t("manage.handsets.has_another", { name: chosen.name, handset: chosen.handset })}</p>}
      <div className="dialog-foot">
        <button type="button" className="button" onClick={onCancel}>{t("common.cancel")}</button>
        <button type="submit" className="button primary" disabled={busy || !chosen}>{chosen ? t("manage.handsets.bind_to", { name: chosen.name }) : t("manage.handsets.acts.bind")}</button>
      </div>
    </InlineForm>
  );
}
