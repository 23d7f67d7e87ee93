/** Whoever was looked up: the card, and where they were when it was read. Nothing here is read again unless somebody asks for it. */
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { readRecord } from "../../src/api/residents";
import type { ResidentCard } from "../../src/api/types";
import { FallsPart } from "../incident/FallsPart";
import { PlacePart } from "../incident/PlacePart";
import { Card } from "../incident/ResidentPanel";
import { WatchingLine } from "../incident/WatchingLine";
import { Outcome } from "../manage/Outcome";
import { useAct } from "../manage/useAct";
import { RecordHead } from "../residents/RecordHead";
import { OpenIncident, useOpenIncidentOf } from "./OpenIncident";

interface LookedUpProps {
  card: ResidentCard;
  reason: string;
  onBack(): void;
}

export function LookedUp({ card: first, reason, onBack }: LookedUpProps) {
  const { t } = useTranslation();
  const act = useAct();
  const [card, setCard] = useState(first);
  const hasOpen = useOpenIncidentOf(card.id) !== undefined;
  const again = () => void act.run(readRecord(card.id, reason), setCard, t("lookup.renewed"));
  return (
    <section aria-labelledby="record-title" data-testid="looked-up">
      <RecordHead name={card.name} id={card.id} />
      <OpenIncident resident={card} />
      {!hasOpen && <p className="field-hint">{t("lookup.masked")}</p>}
      <div className="looked-up">
        <div className="record-card">
          <Card card={card}><WatchingLine card={card} reason={reason} /></Card>
          <FallsPart of={{ resident: card.id, reason }} />
        </div>
        <div className="record-card"><PlacePart position={card.position ?? null} home={card.home ?? null} trackOf={{ resident: card.id, reason }} /></div>
      </div>
      <Outcome news={act.news} />
      <p className="row-acts">
        <button type="button" className="button" disabled={act.busy} onClick={again}>{t("lookup.again")}</button>
        <button type="button" className="button" onClick={onBack}>{t("manage.residents.back")}</button>
        <span className="muted">{t("lookup.reason", { reason })}</span>
      </p>
    </section>
  );
}
