/** One person: what has happened if anything has, the sentence, the map, and who else can see. */
import { useTranslation } from "react-i18next";
import type { Named } from "../../src/api/types";
import { isOpen, shownOf } from "../../src/family/board";
import { certaintyOf, sentenceOf } from "../../src/family/sentence";
import { useNow } from "../../src/time/useNow";
import { IncidentCard } from "../incident/IncidentCard";
import { useFamily } from "../state/store";
import { PlacePart } from "./PlacePart";
import { positionOf, useCard } from "./useCard";
import { Viewers } from "./Viewers";

export function Person({ person }: { person: Named }) {
  const { t } = useTranslation();
  const now = useNow();
  const card = useCard(person);
  const board = useFamily((family) => family.board);
  const live = useFamily((family) => family.positions);
  const isUp = useFamily((family) => family.link.kind === "up");
  const incidents = shownOf(board, person.id, now);
  const open = incidents.filter(isOpen);
  const position = positionOf(card.data, person.id, incidents, live);
  const home = card.data?.home ?? null;
  const certainty = certaintyOf(position, now);
  const isAsking = card.isPending && position === null;
  const sex = card.data?.sex === "male" ? "male" : "female";
  return (
    <article className="person" data-testid="person" data-calling={open.length > 0} aria-label={person.name}>
      <div className="person-main">
        {open.map((incident) => <IncidentCard key={incident.id} incident={incident} name={person.name} sex={sex} />)}
        <section className={`state state-${open.length > 0 ? "below" : isUp ? "calm" : "doubtful"}`}>
          {open.length === 0 && <p className="state-line" role="status"><span aria-hidden="true">{isUp ? "✓" : "?"}</span> {t(isUp ? "status.calm" : "status.doubtful")}</p>}
          <h2 className={`sentence sentence-${certainty}`} data-testid="sentence" data-certainty={certainty}>
            {isAsking ? t("access.asking") : sentenceOf(person.name, position, home, now, t)}
          </h2>
          {certainty === "stale" && <p className="state-more">{t("status.lost_what")}</p>}
          {certainty === "unknown" && !isAsking && <p className="state-more">{t("status.none_what")}</p>}
        </section>
        {incidents.filter((incident) => !isOpen(incident)).map((incident) => <IncidentCard key={incident.id} incident={incident} name={person.name} sex={sex} />)}
      </div>
      <div className="person-more">
        <PlacePart person={person} card={card} position={position} home={home} words={sentenceOf(person.name, position, home, now, t)} />
        <Viewers person={person} />
      </div>
    </article>
  );
}
