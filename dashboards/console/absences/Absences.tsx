/** When a resident is away as planned: what is entered, what holds now, and what ends before its time. */
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { endAbsence, enterAbsence, readAbsences } from "../../src/api/absences";
import type { Absence, NewAbsence } from "../../src/api/types";
import { isAway } from "../../src/resident/absence";
import { minuteText, type Translate } from "../../src/time/format";
import { useNow } from "../../src/time/useNow";
import { ask } from "../manage/ask";
import { absencesOf } from "../manage/keys";
import { ListState } from "../manage/ListState";
import { Outcome } from "../manage/Outcome";
import { useAct } from "../manage/useAct";
import { ONLY_WHEN_ASKED } from "../manage/usePages";
import { AbsenceForm } from "./AbsenceForm";

const spanWords = ({ from, to }: Pick<Absence, "from" | "to">, now: number, t: Translate): string => t("absences.span", { from: minuteText(from, now), to: minuteText(to, now) });
const whatWords = (absence: Absence, now: number, t: Translate): string => `${t(`absences.reasons.${absence.reason}`)} ${spanWords(absence, now, t)}`;

export function Absences({ resident }: { resident: string }) {
  const { t } = useTranslation();
  const now = useNow();
  const act = useAct();
  const [isAdding, setAdding] = useState(false);
  const list = useQuery({ ...ONLY_WHEN_ASKED, queryKey: absencesOf(resident), queryFn: () => readAbsences(resident), staleTime: 60_000 });
  const items = (list.data ?? []).filter(({ to }) => Date.parse(to) > now);
  const again = () => void list.refetch();
  const enter = (body: NewAbsence) => {
    const done = () => {
      setAdding(false);
      again();
    };
    void act.run(enterAbsence(resident, body), done, t("absences.entered", { what: t(`absences.reasons.${body.reason}`) }));
  };
  const end = (absence: Absence) => {
    const what = whatWords(absence, now, t);
    ask(t("absences.end_ask", { what }), t("absences.end_what"), t("absences.end"), () => act.run(endAbsence(resident, absence.id), again, t("absences.ended", { what })));
  };
  return (
    <section className="absences" aria-labelledby="absences-title" data-testid="absences">
      <h4 id="absences-title">{t("absences.title")}</h4>
      <ListState of={list} empty={items.length === 0 && t("absences.none")} />
      <ul className="invitations">
        {items.map((absence) => (
          <li key={absence.id} data-away={isAway(absence, now)}>
            <span className={isAway(absence, now) ? "badge warn" : "badge"}>{t(isAway(absence, now) ? "absences.now" : "absences.later")}</span>
            <span><strong>{t(`absences.reasons.${absence.reason}`)}</strong> {spanWords(absence, now, t)} <small className="muted">{t("absences.by", { by: absence.by ?? "" })}</small></span>
            <button type="button" className="button small" disabled={act.busy} aria-label={t("absences.end_of", { what: whatWords(absence, now, t) })} onClick={() => end(absence)}>{t("absences.end")}</button>
          </li>
        ))}
      </ul>
      {isAdding ? <AbsenceForm busy={act.busy} onEnter={enter} onCancel={() => setAdding(false)} /> : list.isSuccess && <p className="row-acts"><button type="button" className="button small" onClick={() => setAdding(true)}>{t("absences.add")}</button></p>}
      <Outcome news={act.news} />
    </section>
  );
}
