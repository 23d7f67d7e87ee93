/** Who of the family may see a resident, and what staff keep from whom. Each of them sees who else does, no more. */
import { useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import type { Incident, Named, Relatives, Withholding } from "../../src/api/types";
import { relativesOf } from "./keys";
import { RelativeRow } from "./RelativeRow";
import { WithheldLine } from "./WithheldLine";

interface ListProps {
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
      {family.relatives.length === 0 ? <p className="muted">{t("manage.family.none")}</p> : (
        <ul className="relatives" data-testid="relatives">
          {family.relatives.map((relative, n) => (
            <RelativeRow
              key={`${relative.username ?? n} ${relative.since}`}
              relative={relative}
              withheld={withheld.filter((kept) => kept.username === relative.username)}
              resident={resident}
              incident={incident}
              mayEnd={mayEnd}
              onChanged={changed}
            />
          ))}
        </ul>
      )}
      {gone.map((kept) => <WithheldLine key={kept.id} kept={kept} name={t("manage.family.no_more", { username: kept.username })} incident={incident} onChanged={changed} />)}
    </>
  );
}
