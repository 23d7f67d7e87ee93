/** Whose button has not been tried for long, and the window within which a press is a try. */
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { readDrillsDue } from "../../src/api/desk";
import { Choice } from "../incident/Choice";
import { DRILLS } from "../manage/keys";
import { ListState } from "../manage/ListState";
import { ManageDialog } from "../manage/ManageDialog";
import { Outcome } from "../manage/Outcome";
import { SearchLine } from "../manage/SearchLine";
import { useAct } from "../manage/useAct";
import { usePages } from "../manage/usePages";
import { DrillRow } from "./DrillRow";
import { WhyMore } from "./WhyMore";

/** Time enough to ring somebody up and ask for a press; none is open for a day. */
const LENGTHS = ["5", "10", "15", "30"] as const;
type Length = (typeof LENGTHS)[number];

export default function DrillsDialog() {
  const { t } = useTranslation();
  const [q, setQ] = useState("");
  const [reason, setReason] = useState("");
  // With a reason it is another list: pages that were read with one are not read again without it.
  const { pages, items } = usePages([...DRILLS, q, reason], (cursor) => readDrillsDue(q, reason, cursor));
  const mayGoOn = q !== "" || reason !== "";
  const [minutes, setMinutes] = useState<Length>("10");
  const act = useAct();
  const total = pages.data?.pages[0]?.total ?? 0;
  return (
    <ManageDialog title={t("drills.title")}>
      <p className="muted">{t("drills.explain")}</p>
      <Choice<Length> name="minutes" legend={t("drills.minutes")} value={minutes} onChange={setMinutes} options={LENGTHS.map((value) => ({ value, label: t("drills.minutes_n", { n: value }) }))} />
      <Outcome news={act.news} />
      <SearchLine name="drills_of" label={t("drills.search")} onSearch={setQ} />
      <ListState of={pages} empty={total === 0 && t(q === "" ? "drills.none" : "drills.no_match")} />
      {total > 0 && <p role="status" className="muted">{t("drills.count", { n: total })}</p>}
      <ul className="due" data-testid="drills">
        {items.map((item) => <DrillRow key={item.handset ?? item.resident.id} item={item} minutes={Number(minutes)} act={act} />)}
      </ul>
      {pages.hasNextPage && !mayGoOn && <WhyMore onSaid={setReason} />}
      {pages.hasNextPage && mayGoOn && <button type="button" className="button" disabled={pages.isFetching} onClick={() => void pages.fetchNextPage()}>{t("quarantine.more")}</button>}
    </ManageDialog>
  );
}
