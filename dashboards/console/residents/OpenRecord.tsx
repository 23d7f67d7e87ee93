/** One record as far as it is shown, and what can be done about it. */
import { useQueryClient } from "@tanstack/react-query";
import { type RefObject, useState } from "react";
import { useTranslation } from "react-i18next";
import { changeResident } from "../../src/api/residents";
import type { Erased, ResidentCard, ResidentRecord } from "../../src/api/types";
import { draftOf } from "../../src/resident/draft";
import { Absences } from "../absences/Absences";
import { Outcome } from "../manage/Outcome";
import { useAct } from "../manage/useAct";
import { DrillActs } from "../watch/DrillActs";
import { Card } from "../incident/ResidentPanel";
import { NobodyWatches, WatchingLine } from "../incident/WatchingLine";
import { showDialog } from "../state/deskStore";
import { CarriedPart } from "./CarriedPart";
import { ErasedWords } from "./ErasedWords";
import { RecordForm } from "./RecordForm";
import { RecordHead } from "./RecordHead";
import { RightsPart } from "./RightsPart";

interface OpenProps {
  card: ResidentCard;
  /** Why it was opened; null of somebody who was just entered. */
  reason: string | null;
  unsaved: RefObject<boolean>;
  onBack(): void;
  onNew(): void;
  /** What was found shows them still. */
  onErased(): void;
}

export function OpenRecord({ card: opened, reason, unsaved, onBack, onNew, onErased }: OpenProps) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const isNew = reason === null;
  const [card, setCard] = useState(opened);
  const [news, setNews] = useState(isNew ? t("manage.residents.done.added", { name: opened.name, id: opened.id }) : "");
  const [isCorrecting, setCorrecting] = useState(false);
  const [erased, setErased] = useState<Erased | null>(null);
  const save = (record: ResidentRecord) => changeResident(card.id, record);
  const saved = (changed: ResidentCard) => {
    setCard(changed);
    setNews(t("manage.residents.done.changed", { name: changed.name }));
    setCorrecting(false);
    // An operator's page may show the card as it was.
    void queries.invalidateQueries({ queryKey: ["resident", card.id] });
  };
  const forget = (done: Erased) => {
    setErased(done);
    queries.removeQueries({ queryKey: ["resident", card.id] });
    onErased();
  };
  if (erased) return <ErasedWords erased={erased} onBack={onBack} />;
  if (isCorrecting) {
    return (
      <RecordForm
        title={t("manage.residents.correct_whose", { name: card.name })} first={draftOf(card)} before={card} unsaved={unsaved} onSave={save} onDone={saved}
        onCancel={() => setCorrecting(false)}
      />
    );
  }
  const correct = () => {
    setNews("");
    setCorrecting(true);
  };
  const toHandset = () => showDialog({ kind: "handsets", q: card.handset ?? "" });
  return (
    <section aria-labelledby="record-title" data-testid="record">
      <RecordHead name={card.name} id={card.id} />
      <p role="status" className={news ? "notice good" : "hidden"}>{news}</p>
      <div className="record-card"><Card card={card}>{reason === null ? <NobodyWatches /> : <WatchingLine card={card} reason={reason} />}</Card></div>
      <p className="field-hint">{t("manage.residents.masked")}</p>
      {card.handset != null && <RecordDrill card={card} handset={card.handset} />}
      <Absences resident={card.id} />
      {card.handset == null && <p className="notice warn">{t("manage.residents.unbound")}</p>}
      <p className="row-acts">
        <button type="button" className="button primary" onClick={correct}>{t("manage.residents.correct")}</button>
        <button type="button" className="button" onClick={toHandset}>{t(card.handset == null ? "manage.residents.bind" : "manage.residents.to_handset")}</button>
        <button type="button" className="button" onClick={() => showDialog({ kind: "fences", resident: { id: card.id, name: card.name } })}>{t("fences.menu")}</button>
        <button type="button" className="button" onClick={() => showDialog({ kind: "consents", resident: { id: card.id, name: card.name } })}>{t("manage.menu.consents")}</button>
        {isNew && <button type="button" className="button" onClick={onNew}>{t("manage.residents.add_another")}</button>}
        <button type="button" className="button" onClick={onBack}>{t("manage.residents.back")}</button>
      </p>
      <CarriedPart resident={card.id} />
      <RightsPart card={card} onErased={forget} />
    </section>
  );
}

/** Long enough to ring her up and ask for a press. */
const DRILL_MINUTES = 10;

function RecordDrill({ card, handset }: { card: ResidentCard; handset: string }) {
  const { t } = useTranslation();
  const act = useAct();
  return (
    <div data-testid="record-drill">
      <p className="row-acts"><strong>{t("drills.of_record")}</strong> <span className="muted">{t("drills.minutes_n", { n: DRILL_MINUTES })}</span> <DrillActs resident={card} handset={handset} minutes={DRILL_MINUTES} act={act} /></p>
      <Outcome news={act.news} />
    </div>
  );
}
