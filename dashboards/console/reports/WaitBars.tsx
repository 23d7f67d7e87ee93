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

const colourOf = (wait: number): string => (wait > LATE_S ? "#b00020" : wait > PROMPT_S ? "#b35900" : "#0b5394");

export function WaitBars({ groups, isByHour, nameOf }: BarsProps) {
  const { t } = useTranslation();
  const inSeconds = useSecondsWords();
  const top = scaleTop(Math.max(PROMPT_S, ...groups.map(waitOf)));
  const wordsOf = (group: ReportGroup) => t("reports.wait_words", { group: nameOf(group.group), n: group.cases, wait: inSeconds(group.answered.p90_s), longest: inSeconds(group.answered.max_s) });
  return (
    <figure className="waits" data-testid="waits">
      <figcaption>{t("reports.wait")}</figcaption>
      {isByHour ? <HourBars groups={groups} top={top} wordsOf={wordsOf} /> : (
        <ul>
          {groups.map((group) => (
            <li key={group.group} className="wait-row">
              <span className="wait-name">{nameOf(group.group)}</span>
              <svg viewBox="0 0 100 16" preserveAspectRatio="none" role="img" aria-label={wordsOf(group)}>
                <rect width="100" height="16" fill="#e9eef2" />
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

const [WIDTH, HEIGHT, FOOT] = [720, 120, 18];
const STEP = WIDTH / 24;

function HourBars({ groups, top, wordsOf }: { groups: readonly ReportGroup[]; top: number; wordsOf(group: ReportGroup): string }) {
  const y = (seconds: number) => HEIGHT - (seconds / top) * HEIGHT;
  return (
    <svg className="wait-hours" viewBox={`0 0 ${WIDTH} ${HEIGHT + FOOT}`} role="img" aria-label={groups.map(wordsOf).join(" ")}>
      <rect width={WIDTH} height={HEIGHT} fill="#f3f7fb" />
      {hoursOf(groups).map(({ hour, group }) => (
        <g key={hour}>
          {group && <rect x={hour * STEP + 3} width={STEP - 6} y={Math.min(y(waitOf(group)), HEIGHT - 2)} height={Math.max(2, HEIGHT - y(waitOf(group)))} fill={colourOf(waitOf(group))}><title>{wordsOf(group)}</title></rect>}
          {hour % 3 === 0 && <text x={hour * STEP + STEP / 2} y={HEIGHT + 14} textAnchor="middle" fontSize="12" fill="#4a5a68">{hour}</text>}
        </g>
      ))}
      <line x1="0" x2={WIDTH} y1={y(PROMPT_S)} y2={y(PROMPT_S)} stroke="#14222e" strokeDasharray="4 4" />
      <text x="4" y={y(PROMPT_S) - 4} fontSize="12" fill="#14222e">{PROMPT_S} s</text>
    </svg>
  );
}
