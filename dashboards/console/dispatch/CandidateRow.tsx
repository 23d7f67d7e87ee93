import { useTranslation } from "react-i18next";
import type { Candidate } from "../../src/api/types";
import { distanceWords } from "../../src/geo/words";
import { isAsked, isOfTheOrder, onlineState, reasonsAgainst } from "../../src/incident/candidates";
import { skillWords } from "../../src/station/hours";

interface RowProps {
  candidate: Candidate;
  isChosen: boolean;
  onToggle(): void;
}

/** What speaks against a station forbids nothing, but for one that was asked already. Each but the recommended one says why it is not. */
export function CandidateRow({ candidate, isChosen, onToggle }: RowProps) {
  const { t } = useTranslation();
  const { station, distance_m: distance, load, telephone, recommended, skills } = candidate;
  const asked = isAsked(candidate);
  const online = onlineState(candidate.online);
  return (
    <label className={isChosen ? "candidate chosen" : "candidate"} data-station={station.id}>
      <input type="checkbox" name="station" value={station.id} checked={isChosen} disabled={asked} onChange={onToggle} />
      <span className="candidate-words">
        <span className="candidate-top">
          <strong>{station.name}</strong>
          {recommended && <span className="badge good">{t("dispatch.recommended")}</span>}
          {reasonsAgainst(candidate).map((reason) => <span key={reason} className={isOfTheOrder(reason) ? "badge" : "badge warn"} data-against={reason}>{t(`dispatch.against.${reason}`)}</span>)}
        </span>
        <span className="candidate-facts">
          <span>{distance == null ? t("dispatch.no_distance") : distanceWords(distance, t)}</span>
          <span>{load === 0 ? t("dispatch.load_none") : t("dispatch.load", { n: load })}</span>
          {skills.length > 0 && <span>{skillWords(skills, t)}</span>}
          <span className={online === "online" ? "online" : "offline-now"} data-online={online}><span aria-hidden="true">{online === "online" ? "●" : online === "offline" ? "○" : "?"}</span> {t(`dispatch.${online}`, { telephone })}</span>
        </span>
      </span>
    </label>
  );
}
