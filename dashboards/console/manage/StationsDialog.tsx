/** Stations: which there are, where they answer, and which are on duty. None is taken away: tasks name it. */
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { randomKey } from "../../src/api/client";
import { putStation } from "../../src/api/dispatch";
import type { StationRecord } from "../../src/api/types";
import { useStations } from "../dispatch/useStations";
import { STATIONS } from "./keys";
import { ListState } from "./ListState";
import { ManageDialog } from "./ManageDialog";
import { Outcome } from "./Outcome";
import { StationForm } from "./StationForm";
import { StationRow } from "./StationRow";
import { useAct } from "./useAct";

export default function StationsDialog() {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const stations = useStations();
  const act = useAct();
  const [opened, setOpened] = useState<string | null>(null);
  const [isAdding, setAdding] = useState(false);
  const items = stations.data ?? [];
  const add = (typed: string, record: StationRecord) => {
    const id = typed || `s-${randomKey().slice(0, 8)}`;
    const done = () => {
      setAdding(false);
      setOpened(id);
      void queries.invalidateQueries({ queryKey: STATIONS });
    };
    void act.run(putStation(id, record), done, t("stations.done.added", { name: record.name }));
  };
  return (
    <ManageDialog title={t("stations.title")}>
      {!isAdding && <button type="button" className="button primary" onClick={() => setAdding(true)}>{t("stations.add")}</button>}
      {isAdding && <StationForm station={null} taken={items.map(({ id }) => id)} busy={act.busy} news={act.news} onSubmit={add} onCancel={() => setAdding(false)} />}
      {!isAdding && <Outcome news={act.news} />}
      <p className="muted">{t("stations.explain")}</p>
      <ListState of={stations} empty={items.length === 0 && t("stations.none")} />
      <ul className="folds" data-testid="stations">
        {items.map((station) => (
          <StationRow key={station.id} station={station} opened={opened === station.id} onToggle={() => setOpened(opened === station.id ? null : station.id)} />
        ))}
      </ul>
    </ManageDialog>
  );
}
