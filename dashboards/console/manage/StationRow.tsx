import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { putStation } from "../../src/api/dispatch";
import type { Station, StationRecord } from "../../src/api/types";
import { onlineState } from "../../src/incident/candidates";
import { hoursWords, skillWords, worksAt } from "../../src/station/hours";
import { useNow } from "../../src/time/useNow";
import { Fold } from "./Fold";
import { STATIONS } from "./keys";
import { Outcome } from "./Outcome";
import { StationForm } from "./StationForm";
import { useAct } from "./useAct";

interface RowProps {
  station: Station;
  opened: boolean;
  onToggle(): void;
}

export function StationRow({ station, opened, onToggle }: RowProps) {
  const { t } = useTranslation();
  const now = useNow();
  const { id, name, telephone, on_duty: isOnDuty, hours, online, accounts, load } = station;
  return (
    <Fold name={name} opened={opened} onToggle={onToggle} head={
      <>
        <strong>{name}</strong> <span>{telephone}</span> <code className="muted">{id}</code>
        <span className="badges">
          {load > 0 && <span className="badge">{t("stations.load", { n: load })}</span>}
          <span className={accounts === 0 ? "badge warn" : "muted"}>{accounts === 0 ? t("stations.no_account") : t("stations.accounts", { n: accounts })}</span>
          <span className={online === true ? "online" : "offline"}>{online === true ? "●" : online === false ? "○" : "?"} {t(`stations.${onlineState(online)}`)}</span>
          {!worksAt(hours, now) && <span className="badge warn">{t("stations.out_of_hours")}</span>}
          <span className={isOnDuty ? "badge good" : "badge warn"}>{t(isOnDuty ? "stations.on_duty" : "stations.off_duty")}</span>
        </span>
      </>
    }>
      <StationActs station={station} />
    </Fold>
  );
}

function StationActs({ station }: { station: Station }) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const act = useAct();
  const [isCorrecting, setCorrecting] = useState(false);
  const { id, name, place, telephone, on_duty: isOnDuty, hours, skills } = station;
  const put = (record: StationRecord, doneWords: string) =>
    act.run(putStation(id, record), () => {
      setCorrecting(false);
      void queries.invalidateQueries({ queryKey: STATIONS });
    }, doneWords);
  const turn = () => put({ name, place, telephone, on_duty: !isOnDuty, hours, skills }, t(isOnDuty ? "stations.done.off" : "stations.done.on", { name }));
  return (
    <>
      <p className="row-acts">
        <button type="button" role="switch" className="button switch" aria-checked={isOnDuty} disabled={act.busy} onClick={() => void turn()}>
          {t("stations.on_duty")} <span className="switch-track" aria-hidden="true" />
        </button>
        {!isCorrecting && <button type="button" className="button" onClick={() => setCorrecting(true)}>{t("stations.correct")}…</button>}
        <span className="muted">{t("stations.place")}: {place.lat}, {place.lon}</span>
      </p>
      <p className="muted">{t("stations.hours")}: {hoursWords(hours, t)}{skills.length > 0 && ` · ${skillWords(skills, t)}`}</p>
      {isCorrecting && (
        <StationForm
          station={station} taken={[]} busy={act.busy} news={act.news} onCancel={() => setCorrecting(false)}
          onSubmit={(_id, record) => void put(record, t("stations.done.changed", { name: record.name }))}
        />
      )}
      {!isCorrecting && <Outcome news={act.news} />}
    </>
  );
}
