import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { readConsents } from "../../src/api/family";
import type { Named } from "../../src/api/types";
import { ConsentForm } from "./ConsentForm";
import { ConsentRow } from "./ConsentRow";
import { Invitations } from "./Invitations";
import { consentsOf, INVITATIONS, relativesOf } from "./keys";
import { ListState } from "./ListState";
import { RelativeList } from "./RelativeList";
import { useInvitations } from "./useInvitations";
import { ONLY_WHEN_ASKED } from "./usePages";
import { useRelatives } from "./useRelatives";

export function ResidentConsents({ resident }: { resident: Named }) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const [isEntering, setEntering] = useState(false);
  const consents = useQuery({ ...ONLY_WHEN_ASKED, queryKey: consentsOf(resident.id), queryFn: () => readConsents(resident.id), staleTime: 0 });
  const family = useRelatives(resident.id, 0);
  const invitations = useInvitations();
  const entered = consents.data ?? [];
  const renew = (...keys: string[][]) => {
    for (const queryKey of keys) void queries.invalidateQueries({ queryKey });
  };
  // Reading who sees a resident is a look that stands on record, so it is not read again where nothing about it changed.
  const renewAll = () => renew(consentsOf(resident.id), relativesOf(resident.id), INVITATIONS);
  return (
    <>
      <section aria-labelledby="consents-title">
        <h3 id="consents-title">{t("manage.consents.list")}</h3>
        <ListState of={consents} empty={entered.length === 0 && t("manage.consents.none")} />
        <ul className="consents" data-testid="consents">
          {entered.map((consent) => (
            <ConsentRow
              key={consent.id}
              consent={consent}
              relatives={family.data?.relatives ?? null}
              invited={(invitations.data ?? []).filter((invitation) => invitation.consent === consent.id)}
              resident={resident}
              onInvited={() => renew(INVITATIONS)}
              onWithdrawn={renewAll}
            />
          ))}
        </ul>
        {isEntering ? (
          <ConsentForm resident={resident} onDone={() => { setEntering(false); renew(consentsOf(resident.id)); }} onCancel={() => setEntering(false)} />
        ) : (
          <button type="button" className="button form-end" onClick={() => setEntering(true)}>{t("manage.consents.add")}</button>
        )}
      </section>
      <section aria-labelledby="relatives-title" data-testid="family-of">
        <div className="section-head">
          <h3 id="relatives-title">{t("manage.family.title")}</h3>
          <button type="button" className="button small" disabled={family.isFetching} onClick={renewAll}>{t("manage.renew")}</button>
        </div>
        <ListState of={family} />
        {family.data && <RelativeList family={family.data} resident={resident} mayEnd />}
      </section>
      <Invitations which={(invitation) => entered.some((consent) => consent.id === invitation.consent)} />
    </>
  );
}
