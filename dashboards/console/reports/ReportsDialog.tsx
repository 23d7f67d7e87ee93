/** How long people waited: against the norm, by group, and each answer that came too late. */
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { readReport } from "../../src/api/reports";
import type { ResponseReport } from "../../src/api/types";
import { type By, BYS, type DaySpan, inGroupOrder, queryOf, SPANS } from "../../src/reports/report";
import { dateOf } from "../../src/time/format";
import { serverClock } from "../../src/time/useNow";
import { useStations } from "../dispatch/useStations";
import { Choice } from "../incident/Choice";
import { REPORTS } from "../manage/keys";
import { ListState } from "../manage/ListState";
import { ManageDialog } from "../manage/ManageDialog";
import { ONLY_WHEN_ASKED } from "../manage/usePages";
import { Downloads } from "./Downloads";
import { GroupTable } from "./GroupTable";
import { LateList } from "./LateList";
import { NormBars } from "./NormBars";
import { WaitBars } from "./WaitBars";

/** What it is called where a group has no name. */
const NONE: Partial<Record<By, string>> = { station: "no_station", township: "no_township" };

export default function ReportsDialog() {
  const { t } = useTranslation();
  const [days, setDays] = useState<DaySpan>("30");
  const [by, setBy] = useState<By>("all");
  const [askedMs] = useState(() => serverClock.nowMs());
  const query = queryOf(days, by, askedMs);
  const report = useQuery({ ...ONLY_WHEN_ASKED, queryKey: [...REPORTS, query], queryFn: () => readReport(query), staleTime: 0, placeholderData: (before) => before });
  return (
    <ManageDialog title={t("reports.title")} width={1080}>
      <p className="muted">{t("reports.explain")}</p>
      <div className="report-choices">
        <Choice<DaySpan> name="days" legend={t("reports.span")} value={days} onChange={setDays} options={SPANS.map((value) => ({ value, label: t(`reports.days.${value}`) }))} />
        <Choice<By> name="by" legend={t("reports.by")} value={by} onChange={setBy} options={BYS.map((value) => ({ value, label: t(`reports.bys.${value}`) }))} />
        <Downloads report="response" query={{ ...query }} />
      </div>
      <ListState of={report} />
      {report.data && <Report report={report.data} by={by} query={{ ...query }} />}
    </ManageDialog>
  );
}

function Report({ report, by, query }: { report: ResponseReport; by: By; query: Record<string, string> }) {
  const { t } = useTranslation();
  const stations = useStations(by === "station");
  const groups = inGroupOrder(report.groups, by);
  const nameOf = (group: string): string => {
    if (by === "all") return t("reports.group.all");
    if (group === "") return t(`reports.group.${NONE[by] ?? "nobody"}`);
    if (by === "township") return t("reports.group.township", { code: group });
    if (by === "kind") return t(`kind.${group}`, { defaultValue: group });
    if (by === "hour") return t("reports.group.hour", { n: Number(group) });
    return by === "station" ? (stations.data?.find(({ id }) => id === group)?.name ?? group) : group;
  };
  const count = (of: (group: (typeof groups)[number]) => number) => groups.reduce((sum, group) => sum + of(group), 0);
  const [cases, unanswered] = [count((group) => group.cases), count((group) => group.unanswered)];
  return (
    <div className="report" data-testid="report">
      <p className="row-acts">
        <strong>{t("reports.cases", { n: cases })}</strong>
        {unanswered > 0 && <span className="badge bad">{t("reports.unanswered", { n: unanswered })}</span>}
        <span className="muted">{t("reports.false_alarms", { n: count((group) => group.false_alarms) })} · {t("reports.between", { from: dateOf(Date.parse(report.from)), to: dateOf(Date.parse(report.to)) })}</span>
      </p>
      {report.incomplete && <p role="alert" className="notice warn">{t("reports.incomplete")}</p>}
      {cases === 0 && <p role="status" className="muted">{t("reports.none")}</p>}
      {cases > 0 && <NormBars groups={groups} />}
      {cases > 0 && by !== "all" && <WaitBars groups={groups} isByHour={by === "hour"} nameOf={nameOf} />}
      {cases > 0 && <GroupTable groups={groups} nameOf={nameOf} />}
      <LateList late={report.late} query={query} />
    </div>
  );
}
