/** Whose button has not been tried for long, and the window within which a press is a try. */
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { readDrillsDue } from "../../src/api/desk";
import { drillsMatching } from "../../src/resident/drill";
import { Choice } from "../incident/Choice";
import { DRILLS } from "../manage/keys";
import { ListState } from "../manage/ListState";
import { ManageDialog } from "../manage/ManageDialog";
import { Outcome } from "../manage/Outcome";
import { useAct } from "../manage/useAct";
import { ONLY_WHEN_ASKED } from "../manage/usePages";
import { TextField } from "../residents/TextField";
import { DrillRow } from "./DrillRow";

/** Time enough to ring somebody up and ask for a press; none is open for a day. */
const LENGTHS = ["5", "10", "15", "30"] as const;
type Length = (typeof LENGTHS)[number];

export default function DrillsDialog() {
  const { t } = useTranslation();
  const due = useQuery({ ...ONLY_WHEN_ASKED, queryKey: DRILLS, queryFn: readDrillsDue, staleTime: 0 });
  const [minutes, setMinutes] = useState<Length>("10");
  const act = useAct();
  const [words, setWords] = useState("");
  const all = due.data ?? [];
  const items = drillsMatching(all, words);
  return (
    <ManageDialog title={t("drills.title")}>
      <p className="muted">{t("drills.explain")}</p>
      <Choice<Length> name="minutes" legend={t("drills.minutes")} value={minutes} onChange={setMinutes} options={LENGTHS.map((value) => ({ value, label: t("drills.minutes_n", { n: value }) }))} />
      <Outcome news={act.news} />
      <ListState of={due} empty={all.length === 0 && t("drills.none")} />
      {all.length > 0 && (
        <div className="search-line">
          <div className="field"><TextField name="drills_of" label={t("drills.search")} value={words} onChange={setWords} /></div>
          <span role="status" className="muted">{items.length > 0 ? t("drills.count", { n: items.length }) : t("drills.no_match")}</span>
        </div>
      )}
      <ul className="due" data-testid="drills">
        {items.map((item) => <DrillRow key={item.resident.id} item={item} minutes={Number(minutes)} act={act} />)}
      </ul>
    </ManageDialog>
  );
}
