/** How many answers came in time, beside what alarm centres hold themselves to. */
import { useTranslation } from "react-i18next";
import type { ReportGroup } from "../../src/api/types";
import { type Norm, NORMS, shareOf } from "../../src/reports/report";

export function NormBars({ groups }: { groups: readonly ReportGroup[] }) {
  return <ul className="norms">{NORMS.map((norm) => <Bar key={norm.within_s} norm={norm} groups={groups} />)}</ul>;
}

function Bar({ norm, groups }: { norm: Norm; groups: readonly ReportGroup[] }) {
  const { t } = useTranslation();
  const pct = shareOf(groups, norm);
  const isMet = pct >= norm.pct;
  const met = t(isMet ? "reports.met" : "reports.not_met");
  return (
    <li data-within={norm.within_s} data-met={isMet}>
      <p className="norm-line">
        <span>{t("reports.norm", { n: norm.within_s })}</span> <strong className="norm-pct">{pct}%</strong> <span className={isMet ? "badge good" : "badge bad"}>{met}</span> <span className="muted">{t("reports.norm_goal", { pct: norm.pct })}</span>
      </p>
      <svg className="norm-bar" viewBox="0 0 100 12" preserveAspectRatio="none" role="img" aria-label={t("reports.norm_words", { n: norm.within_s, pct, goal: norm.pct, met })}>
        <rect width="100" height="12" fill="#e4e9ee" />
        <rect width={pct} height="12" fill={isMet ? "#1b5e3a" : "#b00020"} />
        <rect x={norm.pct - 0.2} width="0.4" height="12" fill="#14222e" />
      </svg>
      <p className="norm-scale" aria-hidden="true"><span>0</span><span>50%</span><span>{norm.pct}%</span></p>
    </li>
  );
}
