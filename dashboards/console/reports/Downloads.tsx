import { useTranslation } from "react-i18next";
import { fileAddress, FORMATS, type ReportName } from "../../src/reports/quarter";

interface DownloadsProps {
  report: ReportName;
  query: Record<string, string>;
  /** Beside its first one, each a CSV file of its own; the workbook has them all. */
  tables?: readonly string[];
}

/** The same report as a file: a table for a program, a workbook, or all of it. */
export function Downloads({ report, query, tables = [] }: DownloadsProps) {
  const { t } = useTranslation();
  return (
    <span className="downloads" role="group" aria-label={t("reports.download")}>
      {FORMATS.map((format) => <a key={format} className="button" href={fileAddress(report, query, format)} download={format === "json" ? `${report}.json` : true}>{t(`reports.${format}`)}</a>)}
      {tables.map((table) => <a key={table} className="button" href={fileAddress(report, { ...query, table }, "csv")} download={`${report}-${table}.csv`}>{t(`reports.tables.${table}`)}</a>)}
    </span>
  );
}
