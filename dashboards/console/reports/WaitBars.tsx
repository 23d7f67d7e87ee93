/** How long people waited for an answer, a bar for each group; by hours of the day, all twenty-four of them. */
import { useTranslation } from "react-i18next";
import type { ReportGroup } from "../../src/api/types";
import { hoursOf, LATE_S, PROMPT_S, scaleTop, waitOf } from "../../src/reports/report";
import { useSecondsWords } from "./useSecondsWords";

interface BarsProps {
  groups: readonly ReportGroup[];
  isByHour: boolean;
  nameOf(group: string): string;
}

/** As the styles have it. */
const HEIGHT_PX = 140;

/** Behind a bar that says nothing of those who wait still. */
const WAITING_STILL = "#f6bcc4";

const colourOf = (wait: number): string => (wait > LATE_S ? "#b00020" : wait > PROMPT_S ? "#b35900" : "#0b5394");

export function WaitBars({ groups, isByHour, nameOf }: BarsProps) {
  const { t } = useTranslation();
  const inSeconds = useSecondsWords();
  // More than the norm in any case, so that its line stands within the picture.
  const top = scaleTop(Math.max(PROMPT_S + 1, ...groups.map(waitOf)));
  const wordsOf = (group: ReportGroup) => {
    const answered = t("reports.wait_words", { group: nameOf(group.group), n: group.cases, wait: inSeconds(group.answered.p90_s), longest: inSeconds(group.answered.max_s) });
    return group.unanswered === 0 ? answered : `${answered} ${t("reports.unanswered", { n: group.unanswered })}`;
  };
  return (
    <figure className="waits" data-testid="waits">
      <figcaption>{t("reports.wait")} {groups.some(({ unanswered }) => unanswered > 0) && <span className="waits-open">{t("reports.wait_open")}</span>}</figcaption>
      {isByHour ? <HourBars groups={groups} top={top} wordsOf={wordsOf} /> : (
        <ul>
          {groups.map((group) => (
            <li key={group.group} className="wait-row">
              <span className="wait-name">{nameOf(group.group)}</span>
              <svg viewBox="0 0 100 16" preserveAspectRatio="none" role="img" aria-label={wordsOf(group)}>
                <rect width="100" height="16" fill={group.unanswered > 0 ? WAITING_STILL : "#e9eef2"} />
                <rect width={(waitOf(group) / top) * 100} height="16" fill={colourOf(waitOf(group))} />
                <rect x={(PROMPT_S / top) * 100 - 0.15} width="0.3" height="16" fill="#14222e" />
              </svg>
              <span className="wait-s">{inSeconds(group.answered.p90_s)}</span>
            </li>
          ))}
        </ul>
      )}
    </figure>
  );
}

/** The picture is drawn in hours and hundredths of its height, and stretched; what is written stands outside, or it would be too. */
function HourBars({ groups, top, wordsOf }: { groups: readonly ReportGroup[]; top: number; wordsOf(group: ReportGroup): string }) {
  const { t } = useTranslation();
  const y = (seconds: number) => 100 - (seconds / top) * 100;
  return (
    <div className="wait-hours">
      <svg viewBox="0 0 24 100" preserveAspectRatio="none" role="img" aria-label={groups.map(wordsOf).join(" ")}>
        <rect width="24" height="100" fill="#f3f7fb" />
        {hoursOf(groups).map(({ hour, group }) => group && (
          <g key={hour}>
            <title>{wordsOf(group)}</title>
            {group.unanswered > 0 && <rect x={hour + 0.1} width="0.8" height="100" fill={WAITING_STILL} />}
            {group.answered.cases > 0 && <rect x={hour + 0.1} width="0.8" y={Math.min(y(waitOf(group)), 98)} height={Math.max(2, 100 - y(waitOf(group)))} fill={colourOf(waitOf(group))} />}
          </g>
        ))}
        <line x1="0" x2="24" y1={y(PROMPT_S)} y2={y(PROMPT_S)} stroke="#14222e" strokeDasharray="4 4" vectorEffect="non-scaling-stroke" />
      </svg>
      <span className="wait-norm" aria-hidden="true" style={{ top: `${(y(PROMPT_S) / 100) * HEIGHT_PX}px` }}>{t("reports.seconds", { n: PROMPT_S })}</span>
      <p className="wait-scale" aria-hidden="true">{[0, 3, 6, 9, 12, 15, 18, 21].map((hour) => <span key={hour}>{t("reports.group.hour", { n: hour })}</span>)}</p>
    </div>
  );
}
