import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { HandsetReport, NoticeReport } from "../../src/api/types";
import { useSecondsWords } from "./useSecondsWords";

interface TableProps {
  label: string;
  columns: readonly string[];
  rows: readonly { key: string; head: ReactNode; cells: readonly ReactNode[] }[];
}

/** Wider than a telephone: it moves by itself, and by the keyboard. */
function Table({ label, columns, rows }: TableProps) {
  return (
    <div className="report-scroll" tabIndex={0} role="group" aria-label={label}>
      <table className="report-table">
        <thead><tr>{columns.map((column) => <th key={column} scope="col">{column}</th>)}</tr></thead>
        <tbody>{rows.map(({ key, head, cells }) => <tr key={key}><th scope="row">{head}</th>{cells.map((cell, n) => <td key={n}>{cell}</td>)}</tr>)}</tbody>
      </table>
    </div>
  );
}

export function ChannelTable({ report }: { report: NoticeReport }) {
  const { t } = useTranslation();
  const inSeconds = useSecondsWords();
  const inMs = (ms: number | null | undefined) => (ms == null ? "–" : t("heard.ms", { n: ms }));
  /** What a screen or a handset takes is less than a second, what a provider takes may be minutes. */
  const inShort = (ms: number | null | undefined, seconds: number | null | undefined) => (ms != null && ms < 10_000 ? inMs(ms) : inSeconds(seconds));
  const columns = ["channel", "messages", "sent", "delivered", "acknowledged", "given_up", "attempts", "took", "waited", "until_delivered", "until_seen", "until_acknowledged"].map((column) => t(`heard.column.${column}`));
  return (
    <>
      {report.incomplete && <p role="alert" className="notice warn">{t("reports.incomplete")}</p>}
      <p className="field-hint">{t("reports.column_hint")}</p>
      <Table label={t("heard.notices")} columns={columns} rows={report.channels.map((one) => ({
        key: one.channel, head: t(`channel.${one.channel}`, { defaultValue: one.channel }),
        cells: [
          one.messages, one.sent, one.delivered, one.acknowledged, one.given_up, one.attempts, t("reports.spread", { p50: inMs(one.took_p50_ms), p90: inMs(one.took_p90_ms) }),
          t("reports.spread", { p50: inSeconds(one.sent_p50_s), p90: inSeconds(one.sent_p90_s) }), inShort(one.delivered_p50_ms, one.delivered_p50_s), inShort(one.seen_p50_ms, one.seen_p50_s), inSeconds(one.acknowledged_p50_s),
        ],
      }))} />
    </>
  );
}

/** As many as somebody can look after in a day; the file has them all. */
const SHOWN = 20;

export function HandsetTables({ report }: { report: HandsetReport }) {
  const { t } = useTranslation();
  return (
    <>
      <p className="norm-line"><strong className="norm-pct">{report.heard_pct}%</strong> <span className="muted">{t("heard.all")}</span></p>
      <Table label={t("heard.townships")} columns={["township", "handsets", "heard"].map((column) => t(`heard.column.${column}`))} rows={report.townships.map((one) => ({
        key: one.township, head: one.township === "" ? t("reports.group.no_township") : one.township, cells: [one.handsets, `${one.heard_pct}%`],
      }))} />
      <h4>{t("heard.least")}</h4>
      <Table label={t("heard.least")} columns={["handset", "carried", "hours", "heard"].map((column) => t(`heard.column.${column}`))} rows={report.least.slice(0, SHOWN).map((one) => ({
        key: one.handset, head: one.handset, cells: [one.carried_h, one.heard_h, `${one.heard_pct}%`],
      }))} />
    </>
  );
}
