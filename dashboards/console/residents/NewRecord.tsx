import { useState } from "react";
import { useTranslation } from "react-i18next";
import { addResident } from "../../src/api/residents";
import type { ResidentCard } from "../../src/api/types";
import { emptyDraft } from "../../src/resident/draft";
import { useMe } from "../state/deskStore";
import { RecordForm } from "./RecordForm";

export function NewRecord({ onDone, onCancel }: { onDone(card: ResidentCard): void; onCancel(): void }) {
  const { t } = useTranslation();
  const scope = useMe()?.scope ?? null;
  const [first] = useState(() => emptyDraft(scope));
  return <RecordForm title={t("manage.residents.add")} first={first} before={null} onSave={addResident} onDone={onDone} onCancel={onCancel} />;
}
