/** Zones shared by all: rivers, roads, railways. They alarm for those whose policy asks. */
import { useQuery } from "@tanstack/react-query";
import { useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { addZone, changeZone, endZone, readZones } from "../../src/api/fences";
import type { Zone } from "../../src/api/types";
import { clicked, draftDrawn, draftOf, emptyDraft, type FenceDraft, isClickable, recordOf } from "../../src/fence/draft";
import type { Drawn, Shape } from "../../src/fence/shapes";
import type { LonLat } from "../../src/geo/metres";
import { saidWords } from "../../src/problem/said";
import { ask } from "../manage/ask";
import { ListState } from "../manage/ListState";
import { ManageDialog } from "../manage/ManageDialog";
import { Outcome } from "../manage/Outcome";
import { mayDraw } from "../manage/rights";
import { useAct } from "../manage/useAct";
import { useMe } from "../state/deskStore";
import { FenceForm } from "./FenceForm";
import FenceMap from "./FenceMap";
import { DISTRICT } from "./ResidentFences";
import { ZoneImport } from "./ZoneImport";
import { refusedWords } from "./words";

type Editing = { zone: Zone | null; draft: FenceDraft };

const drawnOf = ({ id, name, shape }: Zone): Drawn => ({ id, name, kind: "forbidden", armed: true, shape: shape as unknown as Shape });

export default function ZonesDialog() {
  const { t } = useTranslation();
  const me = useMe();
  const act = useAct(refusedWords);
  const zones = useQuery({ queryKey: ["zones"], queryFn: readZones });
  const [opened, setOpened] = useState<string | null>(null);
  const [editing, setEditing] = useState<Editing | null>(null);
  /** What a file holds that is being looked through; null while there is none. */
  const [inFile, setInFile] = useState<readonly Drawn[] | null>(null);
  const items = useMemo(() => zones.data ?? [], [zones.data]);
  const names = useMemo(() => items.map(({ name }) => name), [items]);
  const drawn = useMemo(() => [...items.filter(({ id }) => id !== editing?.zone?.id).map(drawnOf), ...(inFile ?? [])], [items, editing?.zone?.id, inFile]);
  const drawing = useMemo(() => (editing ? draftDrawn(editing.draft) : null), [editing]);
  const change = (part: Partial<FenceDraft>) => setEditing((before) => before && { ...before, draft: { ...before.draft, ...part } });
  const click = (at: LonLat) => {
    if (editing) change(clicked(editing.draft, at));
  };
  const done = (zone?: Zone) => {
    setEditing(null);
    if (zone) setOpened(zone.id);
    void zones.refetch();
  };
  const save = ({ zone, draft }: Editing) => {
    const { name, shape, datum, dwell_s } = recordOf(draft);
    const body = { name, shape, dwell_s, ...(datum ? { datum } : {}) };
    void act.run(zone ? changeZone(zone.id, { ...body, expected_version: zone.version }) : addZone(body), done, t("fences.saved", { name }));
  };
  const end = ({ id, name }: Zone) => ask(t("zones.end_ask", { name }), t("zones.end_what"), t("zones.end"), () => act.run(endZone(id), () => done()));
  const isClicked = editing !== null && isClickable(editing.draft);
  return (
    <ManageDialog title={t("zones.title")} width={1240}>
      <p className="muted">{t("zones.explain")}</p>
      <ListState of={zones} empty={items.length === 0 && t("zones.none")} />
      {zones.data && (
        <section className="fences" data-testid="zones">
          <FenceMap drawn={drawn} opened={opened} drawing={drawing} home={null} around={DISTRICT} words={names.join("、")} onClick={isClicked ? click : undefined} />
          <div>
            {!editing && inFile === null && (
              <ul className="zone-list">
                {items.map((zone) => (
                  <li key={zone.id}>
                    <button type="button" className="zone-name" aria-pressed={opened === zone.id} onClick={() => setOpened(opened === zone.id ? null : zone.id)}>{zone.name}</button> <code className="muted">{zone.id}</code>
                    {zone.trouble != null && <span className="badge warn">{saidWords(zone.trouble, t) ?? zone.trouble}</span>}
                    {mayDraw(me?.role) && (
                      <span className="row-acts">
                        <button type="button" className="button small" aria-label={t("fences.correct_whose", { name: zone.name })} onClick={() => setEditing({ zone, draft: draftOf(zone) })}>{t("fences.correct")}</button>
                        <button type="button" className="button small danger" aria-label={`${t("zones.end")} ${zone.name}`} onClick={() => end(zone)}>{t("zones.end")}</button>
                      </span>
                    )}
                  </li>
                ))}
              </ul>
            )}
            {!editing && inFile === null && mayDraw(me?.role) && (
              <p className="row-acts">
                <button type="button" className="button primary" onClick={() => setEditing({ zone: null, draft: { ...emptyDraft(null), kind: "forbidden", how: "polygon" } })}>{t("zones.add")}</button>
                <button type="button" className="button" onClick={() => setInFile([])}>{t("zones.file.open")}…</button>
              </p>
            )}
            {!editing && <Outcome news={act.news} />}
            {inFile !== null && <ZoneImport known={names} onRead={setInFile} onSent={() => void zones.refetch()} onClose={() => setInFile(null)} />}
            {editing && <FenceForm isZone title={editing.zone ? t("fences.correct_whose", { name: editing.zone.name }) : t("zones.add")} draft={editing.draft} change={change} busy={act.busy} news={act.news} onSubmit={() => save(editing)} onCancel={() => setEditing(null)} />}
          </div>
        </section>
      )}
    </ManageDialog>
  );
}
