import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { User } from "../../src/api/types";
import { InlineForm } from "./InlineForm";
import { StationField } from "./StationField";

interface FormProps {
  user: User;
  busy: boolean;
  onSubmit(station: string | null): void;
  onCancel(): void;
}

/** At which station somebody works. */
export function WorksForm({ user, busy, onSubmit, onCancel }: FormProps) {
  const { t } = useTranslation();
  const [station, setStation] = useState(user.station ?? "");
  return (
    <InlineForm label={t("stations.where")} onSubmit={() => onSubmit(station || null)} onCancel={onCancel}>
      <StationField value={station} onChange={setStation} none={t("stations.nowhere_set")} takesFocus />
      <div className="dialog-foot">
        <button type="button" className="button" onClick={onCancel}>{t("common.cancel")}</button>
        <button type="submit" className="button primary" disabled={busy}>{t("stations.set")}</button>
      </div>
    </InlineForm>
  );
}
