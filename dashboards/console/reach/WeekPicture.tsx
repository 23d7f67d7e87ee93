/** The week at a glance, a line for each day. What it shows is said in words as well, day by day. */
import { useTranslation } from "react-i18next";
import type { RosterItem } from "../../src/api/types";
import { clockOf, DAY_MINUTES, DAYS, gapsOfDay, minuteOfWeek, piecesOfDay, type Span, uncovered } from "../../src/roster/week";
import { useNow } from "../../src/time/useNow";

const LANE_PX = 24;
const HOURS = [0, 6, 12, 18, 24];
/** So many colours; people beyond share them. Each is told by its name, not by its colour. */
const TINTS = 5;

const place = ({ from, to }: Span) => ({ left: `${(from / DAY_MINUTES) * 100}%`, width: `${((to - from) / DAY_MINUTES) * 100}%` });

export function WeekPicture({ items, counted }: { items: readonly RosterItem[]; counted: readonly string[] }) {
  const { t } = useTranslation();
  const now = minuteOfWeek(useNow());
  const gaps = uncovered(items);
  const names = [...new Set(items.map(({ name }) => name))];
  return (
    <section aria-labelledby="week-title" data-testid="week">
      <h3 id="week-title">{t("roster.picture")}</h3>
      <div className="week-scale" aria-hidden="true">{HOURS.map((hour) => <span key={hour} style={{ left: `${(hour / 24) * 100}%` }}>{hour}</span>)}</div>
      <ol className="week">
        {DAYS.map((day, n) => {
          const pieces = piecesOfDay(items, n);
          const empty = gapsOfDay(gaps, n);
          const lanes = Math.max(1, ...pieces.map(({ lane }) => lane + 1));
          const hours = ({ from, to }: Span) => `${clockOf(from)}–${clockOf(to, true)}`;
          const words = [...pieces.map((piece) => ({ from: piece.from, said: t("roster.piece", { hours: hours(piece), name: piece.item.name }) })), ...empty.map((gap) => ({ from: gap.from, said: t("roster.piece", { hours: hours(gap), name: t("roster.nobody") }) }))];
          return (
            <li key={day} data-day={day}>
              <span className="hidden">{t("roster.day", { day: t(`week.${day}`), pieces: words.sort((left, right) => left.from - right.from).map(({ said }) => said).join("；") })}</span>
              <span className="week-day" aria-hidden="true">{t(`week.${day}`)}</span>
              <div className="week-line" aria-hidden="true" style={{ height: lanes * LANE_PX }}>
                {empty.map((gap) => <span key={gap.from} className="week-gap" style={place(gap)} title={hours(gap)}>{gap.to - gap.from >= 90 && t("roster.nobody")}</span>)}
                {pieces.map((piece) => (
                  <span
                    key={`${piece.item.id} ${piece.from}`} title={`${piece.item.name} ${hours(piece)}`} style={{ ...place(piece), top: piece.lane * LANE_PX, height: LANE_PX }}
                    className={counted.includes(piece.item.channel) ? `week-piece tint-${names.indexOf(piece.item.name) % TINTS}` : "week-piece is-uncounted"}
                  >
                    {piece.item.name}
                  </span>
                ))}
                {Math.floor(now / DAY_MINUTES) === n && <span className="week-now" style={{ left: `${((now % DAY_MINUTES) / DAY_MINUTES) * 100}%` }} title={t("roster.now")} />}
              </div>
            </li>
          );
        })}
      </ol>
      {items.some(({ channel }) => !counted.includes(channel)) && <p className="field-hint">{t("roster.key")}</p>}
    </section>
  );
}
