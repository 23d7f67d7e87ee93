/** The quarter's review: which stations did best, and from what that follows. */
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { readQuarter } from "../../src/api/reports";
import type { QuarterReport } from "../../src/api/types";
import { quartersBack } from "../../src/reports/quarter";
import { serverClock } from "../../src/time/useNow";
import { REPORTS } from "../manage/keys";
import { ListState } from "../manage/ListState";
import { ManageDialog } from "../manage/ManageDialog";
import { ONLY_WHEN_ASKED } from "../manage/usePages";
import { Downloads } from "./Downloads";
import { NormBars } from "./NormBars";
import { RankTable } from "./RankTable";

/** Two years back. */
const QUARTERS = 9;

export default function QuarterDialog() {
  const { t } = useTranslation();
  const [quarters] = useState(() => quartersBack(serverClock.nowMs(), QUARTERS));
  const [quarter, setQuarter] = useState(quarters[0] ?? "");
  const report = useQuery({ ...ONLY_WHEN_ASKED, queryKey: [...REPORTS, "quarter", quarter], queryFn: () => readQuarter(quarter), staleTime: 0, placeholderData: (before) => before });
  const words = (each: string, n: number) => t(n === 0 ? "quarter.running" : "quarter.of", { year: each.slice(0, 4), n: each.slice(5) });
  return (
    <ManageDialog title={t("quarter.title")} width={1080}>
      <p className="muted">{t("quarter.explain")}</p>
      <div className="report-choices">
        <label className="field"><span>{t("quarter.which")}</span><select name="quarter" value={quarter} onChange={(event) => setQuarter(event.target.value)}>{quarters.map((each, n) => <option key={each} value={each}>{words(each, n)}</option>)}</select></label>
        <Downloads report="quarter" query={{ quarter }} tables={["whole", "from_what"]} />
      </div>
      <ListState of={report} />
      {report.data && <Review report={report.data} />}
    </ManageDialog>
  );
}

function Review({ report }: { report: QuarterReport }) {
  const { t } = useTranslation();
  const { whole, stations, from_what: fromWhat } = report;
  return (
    <div className="report" data-testid="quarter" data-quarter={report.quarter}>
      {report.incomplete && <p role="alert" className="notice warn">{t("reports.incomplete")}</p>}
      {whole == null || whole.cases === 0 ? <p role="status" className="muted">{t("quarter.none")}</p> : (
        <>
          <p className="row-acts"><strong>{t("reports.cases", { n: whole.cases })}</strong> {whole.unanswered > 0 && <span className="badge bad">{t("reports.unanswered", { n: whole.unanswered })}</span>}</p>
          <NormBars groups={[whole]} />
        </>
      )}
      <RankTable stations={stations} />
      {/* The server's own words, in which the review is published. */}
      <p className="muted" lang="zh-Hans">{fromWhat}</p>
    </div>
  );
}
