/** What a resident agreed to, and who of the family may see them because of it. */
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { Named } from "../../src/api/types";
import { ResidentSearch } from "../call/ResidentSearch";
import { ManageDialog } from "./ManageDialog";
import { ResidentConsents } from "./ResidentConsents";

export default function ConsentsDialog({ resident }: { resident: Named | null }) {
  const { t } = useTranslation();
  const [about, setAbout] = useState(resident);
  return (
    <ManageDialog title={t("manage.consents.title")} width={860}>
      <p className="muted">{t("manage.consents.explain")}</p>
      <ResidentSearch chosen={about} onChoose={setAbout} hint={t("manage.search.hint")} failed={t("manage.search.failed")} />
      {about && <ResidentConsents key={about.id} resident={about} />}
    </ManageDialog>
  );
}
