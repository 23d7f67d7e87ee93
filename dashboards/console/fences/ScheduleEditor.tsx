/** When a fence is armed: hours of weekdays, and dates that overrule them. Without weekly hours that arm it is armed always. */
import { useTranslation } from "react-i18next";
import { armedIn, DAYS, type Day, emptyHours, type Hours } from "../../src/fence/draft";
import { dateOf } from "../../src/time/format";
import { serverClock } from "../../src/time/useNow";

interface EditorProps {
  hours: readonly Hours[];
  onChange(hours: Hours[]): void;
}

export function ScheduleEditor({ hours, onChange }: EditorProps) {
  const { t } = useTranslation();
  const set = (key: number, part: Partial<Hours>) => onChange(hours.map((each) => (each.key === key ? { ...each, ...part } : each)));
  const add = (isDate: boolean) => onChange([...hours, emptyHours(hours, isDate, dateOf(serverClock.nowMs()))]);
  return (
    <fieldset className="record-part">
      <legend>{t("fences.schedule")}</legend>
      <p className="field-hint">{t(`fences.${armedIn(hours)}`)}</p>
      <ul className="schedule" data-testid="schedule">
        {hours.map((each, n) => <HoursRow key={each.key} hours={each} n={n + 1} onSet={(part) => set(each.key, part)} onRemove={() => onChange(hours.filter(({ key }) => key !== each.key))} />)}
      </ul>
      <p className="row-acts">
        <button type="button" className="button" onClick={() => add(false)}>{t("fences.add_hours")}</button>
        <button type="button" className="button" onClick={() => add(true)}>{t("fences.add_date")}</button>
      </p>
    </fieldset>
  );
}

function HoursRow({ hours, n, onSet, onRemove }: { hours: Hours; n: number; onSet(part: Partial<Hours>): void; onRemove(): void }) {
  const { t } = useTranslation();
  const { key, date, days, from, to, armed } = hours;
  const turn = (day: Day) => onSet({ days: days.includes(day) ? days.filter((each) => each !== day) : DAYS.filter((each) => each === day || days.includes(each)) });
  return (
    <li role="group" aria-label={t("fences.entry", { n })}>
      {date !== "" ? (
        <label className="schedule-field"><span>{t("fences.date")}</span><input type="date" value={date} onChange={(event) => onSet({ date: event.target.value || date })} /></label>
      ) : (
        <span className="days">
          {DAYS.map((day) => (
            <label key={day} className={days.includes(day) ? "day chosen" : "day"}>
              <input type="checkbox" name={`day-${key}-${day}`} checked={days.includes(day)} onChange={() => turn(day)} /> {t(`fences.days.${day}`)}
            </label>
          ))}
        </span>
      )}
      <label className="schedule-field"><span>{t("fences.from")}</span><input name={`from-${key}`} value={from} inputMode="numeric" size={6} placeholder="20:00" onChange={(event) => onSet({ from: event.target.value })} /></label>
      <label className="schedule-field"><span>{t("fences.to")}</span><input name={`to-${key}`} value={to} inputMode="numeric" size={6} placeholder="24:00" onChange={(event) => onSet({ to: event.target.value })} /></label>
      <label className="check"><input type="checkbox" checked={armed} onChange={(event) => onSet({ armed: event.target.checked })} /> {t("fences.entry_armed")}</label>
      <button type="button" className="button small" aria-label={t("fences.remove_entry", { n })} onClick={onRemove}>✕</button>
    </li>
  );
}
