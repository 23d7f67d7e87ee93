import { useTranslation } from "react-i18next";
import type { ReportGroup } from "../../src/api/types";
import { NORMS } from "../../src/reports/report";
import { useSecondsWords } from "./useSecondsWords";

interface TableProps {
  groups: readonly ReportGroup[];
  nameOf(group: string): string;
}

const STEPS = ["answered", "sent", "acknowledged", "arrived", "closed"] as const;

export function GroupTable({ groups, nameOf }: TableProps) {
  const { t } = useTranslation();
  const inSeconds = useSecondsWords();
  const spread = ({ p50_s: half, p90_s: most }: ReportGroup["answered"]) => (half == null ? "–" : t("reports.spread", { p50: inSeconds(half), p90: inSeconds(most) }));
  return (
    <section aria-labelledby="report-table-title">
      <h3 id="report-table-title">{t("reports.table")}</h3>
      <p className="field-hint">{t("reports.column_hint")}</p>
      {/* Wider than a telephone: it moves by itself, and by the keyboard. */}
      <div className="report-scroll" tabIndex={0} role="group" aria-labelledby="report-table-title">
        <table className="report-table">
          <thead>
            <tr>
              {(["group", "cases", "within_15", "within_60", "within_180"] as const).map((column) => <th key={column} scope="col">{t(`reports.column.${column}`)}</th>)}
              {STEPS.map((step) => <th key={step} scope="col">{t(`reports.column.${step}`)}</th>)}
              <th scope="col">{t("reports.column.false_alarms")}</th>
            </tr>
          </thead>
          <tbody>
            {groups.map((group) => (
              <tr key={group.group}>
                <th scope="row">{nameOf(group.group)}</th>
                <td>{group.cases}</td>
                {/* What a stricter ladder aims at is nobody's norm. */}
                <td>{group.answered_within_15_s_pct}%</td>
                {NORMS.map((norm) => <td key={norm.within_s} className={group[norm.of] >= norm.pct ? undefined : "is-below"}>{group[norm.of]}%</td>)}
                {STEPS.map((step) => <td key={step}>{spread(group[step])}</td>)}
                <td>{group.false_alarms}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}
