/** One person: what has happened if anything has, the sentence, the map, and who else can see. */
import { useTranslation } from "react-i18next";
import type { Named } from "../../src/api/types";
import { isOpen, shownOf } from "../../src/family/board";
import { certaintyOf, sentenceOf } from "../../src/family/sentence";
import { ageSeconds } from "../../src/time/format";
import { useNow } from "../../src/time/useNow";
import { IncidentCard } from "../incident/IncidentCard";
import { useFamily } from "../state/store";
import { PlacePart } from "./PlacePart";
import { positionOf, useCard } from "./useCard";
import { Viewers } from "./Viewers";

/** So long after its end a case still stands above the map, with its stages. */
const BRIEF_AFTER_S = 1_800;

export function Person({ person }: { person: Named }) {
  const { t } = useTranslation();
  const now = useNow();
  const card = useCard(person);
  const board = useFamily((family) => family.board);
  const live = useFamily((family) => family.positions);
  const isUp = useFamily((family) => family.link.kind === "up");
  const incidents = shownOf(board, person.id, now);
  const open = incidents.filter(isOpen);
  const ended = incidents.filter((incident) => !isOpen(incident));
  const justEnded = open.length === 0 ? ended.find((incident) => ageSeconds(incident.closed?.at ?? "", now) < BRIEF_AFTER_S) : undefined;
  const before = ended.filter((incident) => incident !== justEnded);
  const position = positionOf(card.data, person.id, incidents, live);
  const home = card.data?.home ?? null;
  const certainty = certaintyOf(position, now);
  const isAsking = card.isPending && position === null;
  const sex = card.data?.sex === "male" ? "male" : "female";
  const words = isAsking ? t("access.asking") : sentenceOf(person.name, position, home, now, t);
  const isCalling = open.length > 0;
  const sentence = (
    <div className={`where where-${certainty}`} data-testid="where" data-certainty={certainty}>
      {isCalling ? <p className="sentence" data-testid="sentence">{words}</p> : <h2 className="sentence" data-testid="sentence">{words}</h2>}
      {certainty === "stale" && <p className="where-more">{t("status.lost_what")}</p>}
      {certainty === "unknown" && !isAsking && <p className="where-more">{t("status.none_what")}</p>}
    </div>
  );
  return (
    <article className="person" data-testid="person" data-calling={isCalling} aria-label={person.name}>
      <div className="person-main">
        {open.map((incident, n) => <IncidentCard key={incident.id} incident={incident} name={person.name} sex={sex}>{n === 0 && sentence}</IncidentCard>)}
        {!isCalling && (
          <section className={`state state-${isUp ? "calm" : "doubtful"}`}>
            <p className="state-line" role="status"><span aria-hidden="true">{isUp ? "✓" : "?"}</span> {t(isUp ? "status.calm" : "status.doubtful")}</p>
            {sentence}
          </section>
        )}
        {justEnded && <IncidentCard incident={justEnded} name={person.name} sex={sex} />}
      </div>
      <div className="person-more">
        <PlacePart person={person} card={card} position={position} home={home} words={words} />
        {before.map((incident) => <IncidentCard key={incident.id} incident={incident} name={person.name} sex={sex} isBrief />)}
        <Viewers person={person} />
      </div>
    </article>
  );
}
