/** What was learned of somebody's ways, in words beside its squares on the map; and what is to be forgotten near a place. */
import { useTranslation } from "react-i18next";
import { forgetNear } from "../../src/api/fences";
import type { HabitPlace, Habits } from "../../src/api/types";
import { emptyForgetting, type Forgetting, habitWords, mostWalked, placeOf, placesNear, placeWords, type Within, WITHINS_M } from "../../src/fence/habits";
import { Choice } from "../incident/Choice";
import { ask } from "../manage/ask";
import { InlineForm } from "../manage/InlineForm";
import { ListState } from "../manage/ListState";
import { Outcome } from "../manage/Outcome";
import { useAct } from "../manage/useAct";
import { TextField } from "../residents/TextField";
import type { HabitsShown } from "./useHabits";
import { refusedWords } from "./words";

/** As many as can be read; the map shows them all. */
const LISTED = 8;

interface PartProps {
  resident: string;
  home: { lat: number; lon: number } | null;
  shown: HabitsShown;
  mayChange: boolean;
}

export function HabitsPart({ resident, home, shown, mayChange }: PartProps) {
  const { t } = useTranslation();
  const act = useAct(refusedWords);
  const { habits, isShown, forgetting } = shown;
  const forget = (known: Habits, wanted: Forgetting) => {
    const at = placeOf(wanted);
    if (!at) return;
    const within_m = Number(wanted.within);
    const done = () => {
      shown.setForgetting(null);
      void habits.refetch();
    };
    const what = t("habits.forget_what", { n: placesNear(known.places, at, within_m).length });
    ask(t("habits.forget_ask"), what, t("habits.forget"), () => act.run(forgetNear(resident, at, within_m), done, t("habits.forgotten")));
  };
  return (
    <section aria-label={t("habits.title")} data-testid="habits">
      <p className="row-acts"><button type="button" className="button" aria-pressed={isShown} onClick={shown.toggle}>{t("habits.show")}</button></p>
      {isShown && <ListState of={habits} />}
      {isShown && habits.data && (
        <>
          {habitWords(habits.data, t).map((words) => <p key={words}>{words}</p>)}
          {habits.data.places.length > 0 && <p className="muted">{t("habits.key")}</p>}
          <PlaceList places={mostWalked(habits.data.places, LISTED)} home={home} mayChange={mayChange && forgetting === null} onForget={(forgetting) => shown.setForgetting(forgetting)} />
          {mayChange && forgetting === null && habits.data.places.length > 0 && (
            <p className="row-acts"><button type="button" className="button" onClick={() => shown.setForgetting(emptyForgetting)}>{t("habits.forget_near")}…</button></p>
          )}
          {forgetting !== null && <ForgetForm known={habits.data} forgetting={forgetting} busy={act.busy} onChange={shown.setForgetting} onForget={(known) => forget(known, forgetting)} />}
        </>
      )}
      <Outcome news={act.news} />
    </section>
  );
}

interface ListProps {
  places: readonly HabitPlace[];
  home: PartProps["home"];
  mayChange: boolean;
  onForget(forgetting: Forgetting): void;
}

function PlaceList({ places, home, mayChange, onForget }: ListProps) {
  const { t } = useTranslation();
  if (places.length === 0) return null;
  return (
    <ul className="habit-list" aria-label={t("habits.most")}>
      {places.map((place) => {
        const words = placeWords(place, home, t);
        const { lat, lon } = place.middle;
        return (
          <li key={`${lat} ${lon}`}>
            <span>{words}</span>
            {mayChange && <button type="button" className="button small" aria-label={t("habits.forget_one", { words })} onClick={() => onForget({ ...emptyForgetting, lat: lat.toFixed(6), lon: lon.toFixed(6) })}>{t("habits.forget_here")}…</button>}
          </li>
        );
      })}
    </ul>
  );
}

interface FormProps {
  known: Habits;
  forgetting: Forgetting;
  busy: boolean;
  onChange(forgetting: Forgetting | null): void;
  onForget(known: Habits): void;
}

function ForgetForm({ known, forgetting, busy, onChange, onForget }: FormProps) {
  const { t } = useTranslation();
  const at = placeOf(forgetting);
  const count = at ? placesNear(known.places, at, Number(forgetting.within)).length : 0;
  const canForget = count > 0;
  const cancel = () => onChange(null);
  return (
    <InlineForm label={t("habits.forget_near")} onSubmit={() => canForget && onForget(known)} onCancel={cancel}>
      <p className="field-hint">{t("habits.click")}</p>
      <div className="record-grid">
        <TextField name="forget_lat" inputMode="decimal" label={t("stations.lat")} value={forgetting.lat} onChange={(lat) => onChange({ ...forgetting, lat })} />
        <TextField name="forget_lon" inputMode="decimal" label={t("stations.lon")} value={forgetting.lon} onChange={(lon) => onChange({ ...forgetting, lon })} />
      </div>
      <Choice<Within> name="within" legend={t("habits.within")} value={forgetting.within} onChange={(within) => onChange({ ...forgetting, within })} options={WITHINS_M.map((value) => ({ value, label: value === "0" ? t("habits.square") : t("distance.metres", { n: value }) }))} />
      <p role="status" className="muted">{at ? t("habits.count", { n: count }) : ""}</p>
      <div className="dialog-foot">
        <button type="button" className="button" onClick={cancel}>{t("common.cancel")}</button>
        <button type="submit" className="button danger" disabled={busy || !canForget}>{t("habits.forget")}</button>
      </div>
    </InlineForm>
  );
}
