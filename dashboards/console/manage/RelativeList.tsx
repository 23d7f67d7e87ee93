/** Who of the family may see a resident, and what staff keep from whom. Each of them sees who else does, no more. */
import { useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { giveBack } from "../../src/api/family";
import type { Incident, Named, Relatives, Withholding } from "../../src/api/types";
import { timeText } from "../../src/time/format";
import { serverClock } from "../../src/time/useNow";
import { useMe } from "../state/deskStore";
import { ask } from "./ask";
import { Outcome } from "./Outcome";
import { RelativeRow } from "./RelativeRow";
import { mayWithhold } from "./rights";
import { useAct } from "./useAct";
import { relativesOf } from "./useRelatives";

export interface ListProps {
  family: Relatives;
  resident: Named;
  /** The incident that is being handled, if one is. */
  incident?: Incident;
  /** Whether a relative's sight can be ended here. */
  mayEnd?: boolean;
}

export function RelativeList({ family, resident, incident, mayEnd = false }: ListProps) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const withheld = family.withheld ?? [];
  const changed = () => void queries.invalidateQueries({ queryKey: relativesOf(resident.id) });
  const isListed = (kept: Withholding) => family.relatives.some((relative) => relative.username === kept.username);
  const gone = withheld.filter((kept) => !isListed(kept));
  return (
    <>
      {family.relatives.length === 0 && <p className="muted">{t("manage.family.none")}</p>}
      <ul className="relatives" data-testid="relatives">
        {family.relatives.map((relative, n) => (
          <RelativeRow
            key={relative.username ?? n}
            relative={relative}
            withheld={withheld.filter((kept) => kept.username === relative.username)}
            resident={resident}
            incident={incident}
            mayEnd={mayEnd}
            onChanged={changed}
          />
        ))}
      </ul>
      {gone.map((kept) => <WithheldLine key={kept.id} kept={kept} name={t("manage.family.no_more", { username: kept.username })} incident={incident} onChanged={changed} />)}
    </>
  );
}

interface WithheldProps {
  kept: Withholding;
  name: string;
  incident?: Incident;
  onChanged(): void;
}

export function WithheldLine({ kept, name, incident, onChanged }: WithheldProps) {
  const { t } = useTranslation();
  const me = useMe();
  const act = useAct();
  const what = t(`manage.family.kept.${kept.incident == null ? "all" : kept.incident === incident?.id ? "this" : "one"}`);
  const confirm = () =>
    ask(t("manage.family.ask_give_back", { name }), t("manage.family.ask_give_back_what", { name, what, reason: kept.reason }), t("manage.family.give_back"), () =>
      act.run(giveBack(kept.id), onChanged),
    );
  return (
    <div className="notice warn withheld">
      <p>
        <strong>{t("manage.family.withheld", { name, what })}</strong><br />
        {t("manage.family.withheld_why", { reason: kept.reason, by: kept.by, time: timeText(kept.since, serverClock.nowMs()) })}
      </p>
      {mayWithhold(me?.role) && (
        <button type="button" className="button small" aria-label={`${t("manage.family.give_back")}: ${name}, ${what}`} disabled={act.busy} onClick={confirm}>
          {t("manage.family.give_back")}
        </button>
      )}
      <Outcome news={act.news} />
    </div>
  );
}
