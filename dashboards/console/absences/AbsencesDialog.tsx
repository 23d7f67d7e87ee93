/** Planned absences of a resident who is found by name: a family rings to say that she goes to hospital. */
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { Named } from "../../src/api/types";
import { ResidentSearch } from "../call/ResidentSearch";
import { ManageDialog } from "../manage/ManageDialog";
import { Absences } from "./Absences";

export default function AbsencesDialog() {
  const { t } = useTranslation();
  const [about, setAbout] = useState<Named | null>(null);
  return (
    <ManageDialog title={t("absences.title")} width={760}>
      <ResidentSearch chosen={about} onChoose={setAbout} hint={t("manage.search.hint")} failed={t("manage.search.failed")} />
      {about && <Absences key={about.id} resident={about.id} />}
    </ManageDialog>
  );
}
