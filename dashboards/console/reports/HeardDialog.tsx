/** Whether messages to people outside arrived, and whether handsets were heard. */
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { readHandsetReport, readNoticeReport } from "../../src/api/reports";
import { type DaySpan, queryOf, SPANS } from "../../src/reports/report";
import { serverClock } from "../../src/time/useNow";
import { Choice } from "../incident/Choice";
import { REPORTS } from "../manage/keys";
import { ListState } from "../manage/ListState";
import { ManageDialog } from "../manage/ManageDialog";
import { ONLY_WHEN_ASKED } from "../manage/usePages";
import { Downloads } from "./Downloads";
import { ChannelTable, HandsetTables } from "./HeardTables";

export default function HeardDialog() {
  const { t } = useTranslation();
  const [days, setDays] = useState<DaySpan>("30");
  const [askedMs] = useState(() => serverClock.nowMs());
  const { from, to } = queryOf(days, "all", askedMs);
  const how = { ...ONLY_WHEN_ASKED, staleTime: 0 };
  const notices = useQuery({ ...how, queryKey: [...REPORTS, "notices", from, to], queryFn: () => readNoticeReport({ from, to }) });
  const handsets = useQuery({ ...how, queryKey: [...REPORTS, "handsets", from, to], queryFn: () => readHandsetReport({ from, to }) });
  return (
    <ManageDialog title={t("heard.title")} width={1080}>
      <Choice<DaySpan> name="days" legend={t("reports.span")} value={days} onChange={setDays} options={SPANS.map((value) => ({ value, label: t(`reports.days.${value}`) }))} />
      <section className="report" aria-labelledby="heard-notices" data-testid="heard-notices">
        <div className="section-head"><h3 id="heard-notices">{t("heard.notices")}</h3> <Downloads report="notices" query={{ from, to }} /></div>
        <ListState of={notices} empty={notices.data?.channels.length === 0 && t("heard.no_notices")} />
        {notices.data && notices.data.channels.length > 0 && <ChannelTable report={notices.data} />}
      </section>
      <section className="report" aria-labelledby="heard-handsets" data-testid="heard-handsets">
        <div className="section-head"><h3 id="heard-handsets">{t("heard.handsets")}</h3> <Downloads report="handsets" query={{ from, to }} tables={["townships", "total"]} /></div>
        <p className="muted">{t("heard.handsets_explain")}</p>
        <ListState of={handsets} empty={handsets.data !== undefined && handsets.data.heard_pct == null && t("heard.no_handsets")} />
        {handsets.data?.heard_pct != null && <HandsetTables report={handsets.data} />}
      </section>
    </ManageDialog>
  );
}
