/** Whose button has not been tried for long, and the window within which a press is a try. */
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { readDrillsDue } from "../../src/api/desk";
import { Choice } from "../incident/Choice";
import { DRILLS } from "../manage/keys";
import { ListState } from "../manage/ListState";
import { ManageDialog } from "../manage/ManageDialog";
import { Outcome } from "../manage/Outcome";
import { useAct } from "../manage/useAct";
import { ONLY_WHEN_ASKED } from "../manage/usePages";
import { DrillRow } from "./DrillRow";

/** Time enough to ring somebody up and ask for a press; none is open for a day. */
const LENGTHS = ["5", "10", "15", "30"] as const;
type Length = (typeof LENGTHS)[number];

export default function DrillsDialog() {
  const { t } = useTranslation();
  const due = useQuery({ ...ONLY_WHEN_ASKED, queryKey: DRILLS, queryFn: readDrillsDue, staleTime: 0 });
  const [minutes, setMinutes] = useState<Length>("10");
  const act = useAct();
  const items = due.data ?? [];
  return (
    <ManageDialog title={t("drills.title")}>
      <p className="muted">{t("drills.explain")}</p>
      <Choice<Length> name="minutes" legend={t("drills.minutes")} value={minutes} onChange={setMinutes} options={LENGTHS.map((value) => ({ value, label: t("drills.minutes_n", { n: value }) }))} />
      <Outcome news={act.news} />
      <ListState of={due} empty={items.length === 0 && t("drills.none")} />
      {items.length > 0 && <p className="muted">{t("drills.count", { n: items.length })}</p>}
      <ul className="due" data-testid="drills">
        {items.map((item) => <DrillRow key={item.resident.id} item={item} minutes={Number(minutes)} act={act} />)}
      </ul>
    </ManageDialog>
  );
}
