import { type RefObject, useState } from "react";
import { useTranslation } from "react-i18next";
import { addResident } from "../../src/api/residents";
import type { ResidentCard } from "../../src/api/types";
import { emptyDraft } from "../../src/resident/draft";
import { useMe } from "../state/deskStore";
import { RecordForm } from "./RecordForm";

interface NewProps {
  unsaved: RefObject<boolean>;
  onDone(card: ResidentCard): void;
  onCancel(): void;
}

export function NewRecord({ unsaved, onDone, onCancel }: NewProps) {
  const { t } = useTranslation();
  const scope = useMe()?.scope ?? null;
  const [first] = useState(() => emptyDraft(scope));
  return <RecordForm title={t("manage.residents.add")} first={first} before={null} unsaved={unsaved} onSave={addResident} onDone={onDone} onCancel={onCancel} />;
}
