import { useTranslation } from "react-i18next";
import { fileAddress, FORMATS, type ReportName } from "../../src/reports/quarter";

/** The same report as a file: a table for a program, a workbook, or all of it. */
export function Downloads({ report, query }: { report: ReportName; query: Record<string, string> }) {
  const { t } = useTranslation();
  return (
    <span className="downloads" role="group" aria-label={t("reports.download")}>
      {FORMATS.map((format) => <a key={format} className="button" href={fileAddress(report, query, format)} download={format === "json" ? `${report}.json` : true}>{t(`reports.${format}`)}</a>)}
    </span>
  );
}
