/** The fences of one resident: on the map, in a list, and one that is drawn or put right; with them what was learned, if it is wanted. */
import { useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { addFence, changeFence, exportFences } from "../../src/api/fences";
import type { Fence } from "../../src/api/types";
import { clicked, draftDrawn, draftOf, emptyDraft, type FenceDraft, isClickable, recordOf } from "../../src/fence/draft";
import { forgettingDrawn } from "../../src/fence/habits";
import type { Drawn, Shape } from "../../src/fence/shapes";
import type { LonLat } from "../../src/geo/metres";
import { saveFile } from "../../src/paper/download";
import { Outcome } from "../manage/Outcome";
import { useAct } from "../manage/useAct";
import FenceMap from "./FenceMap";
import { FenceForm } from "./FenceForm";
import { FenceRow } from "./FenceRow";
import { HabitsPart } from "./HabitsPart";
import { useHabits } from "./useHabits";
import { refusedWords } from "./words";

/** Where the demo's district and most others of this platform lie: Suqian. */
export const DISTRICT: LonLat = [118.2757, 33.9624];

interface FencesProps {
  resident: string;
  /** Why, where no incident is open; empty where one is. */
  reason: string;
  fences: readonly Fence[];
  home: { lat: number; lon: number } | null;
  mayChange: boolean;
  onDone(): void;
}

/** The fence that is put right; null while one is added. */
type Editing = { fence: Fence | null; draft: FenceDraft };

export const drawnOf = ({ id, name, kind, armed, shape }: Fence): Drawn => ({ id, name, kind: kind === "forbidden" ? "forbidden" : "safe", armed, shape: shape as unknown as Shape });

export function ResidentFences({ resident, reason, fences, home, mayChange, onDone }: FencesProps) {
  const { t } = useTranslation();
  const act = useAct(refusedWords);
  const [opened, setOpened] = useState<string | null>(null);
  const [editing, setEditing] = useState<Editing | null>(null);
  const shown = useHabits(resident, reason);
  const { forgetting } = shown;
  const drawn = useMemo(() => fences.filter(({ id }) => id !== editing?.fence?.id).map(drawnOf), [fences, editing?.fence?.id]);
  const drawing = useMemo(() => (editing ? draftDrawn(editing.draft) : forgetting ? forgettingDrawn(forgetting) : null), [editing, forgetting]);
  const change = (part: Partial<FenceDraft>) => setEditing((before) => before && { ...before, draft: { ...before.draft, ...part } });
  const click = (at: LonLat) => {
    if (!editing && forgetting) shown.setForgetting({ ...forgetting, lat: at[1].toFixed(6), lon: at[0].toFixed(6) });
    if (editing) change(clicked(editing.draft, at));
  };
  const done = (fence: Fence) => {
    setEditing(null);
    setOpened(fence.id);
    onDone();
  };
  const save = ({ fence, draft }: Editing) => {
    const body = recordOf(draft);
    const words = t("fences.saved", { name: body.name });
    void act.run(fence ? changeFence(resident, fence.id, { ...body, expected_version: fence.version }) : addFence(resident, body), done, words);
  };
  const isClicked = editing ? isClickable(editing.draft) : forgetting !== null;
  // As the server writes it, so that it can be read in again with its hours.
  const download = () => act.run(exportFences(resident, reason), (text) => saveFile(new Blob([text], { type: "application/geo+json" }), `fences-${resident}.geojson`));
  return (
    <section aria-labelledby="fences-title" className="fences" data-testid="fences">
      <h3 id="fences-title">{t("fences.of")} <small className="muted">{fences.length}</small></h3>
      <FenceMap drawn={drawn} opened={opened} drawing={drawing} home={home} habits={shown.isShown ? (shown.habits.data ?? null) : null} around={DISTRICT} words={fences.map(({ name }) => name).join("、")} onClick={isClicked ? click : undefined} />
      <div>
        {!editing && fences.length === 0 && <p className="muted" role="status">{t("fences.none")}</p>}
        {!editing && (
          <ul className="folds" data-testid="fence-list">
            {fences.map((fence) => (
              <FenceRow
                key={fence.id} resident={resident} fence={fence} mayChange={mayChange} opened={opened === fence.id} onToggle={() => setOpened(opened === fence.id ? null : fence.id)}
                onCorrect={() => setEditing({ fence, draft: draftOf(fence) })} onDone={onDone}
              />
            ))}
          </ul>
        )}
        {!editing && (
          <p className="row-acts">
            {mayChange && <button type="button" className="button primary" onClick={() => setEditing({ fence: null, draft: emptyDraft(home) })}>{t("fences.add")}</button>}
            {fences.length > 0 && <button type="button" className="button" disabled={act.busy} onClick={() => void download()}>{t("fences.export")}</button>}
          </p>
        )}
        {!editing && <Outcome news={act.news} />}
        {!editing && <HabitsPart resident={resident} home={home} shown={shown} mayChange={mayChange} />}
        {editing && (
          <FenceForm
            title={editing.fence ? t("fences.correct_whose", { name: editing.fence.name }) : t("fences.add")} draft={editing.draft} change={change} busy={act.busy} news={act.news}
            onSubmit={() => save(editing)} onCancel={() => setEditing(null)}
          />
        )}
      </div>
    </section>
  );
}
