/** How a fence is drawn: a circle by middle and radius, corners or a route by clicking or typing, or GeoJSON from elsewhere. */
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import { mayHole, withHole } from "../../src/fence/corners";
import { type Datum, DATUMS, type FenceDraft, HOWS, type How, isFixed, typedIn, undone } from "../../src/fence/draft";
import { fencesIn, pasted, takenFrom } from "../../src/fence/offered";
import { Choice } from "../incident/Choice";
import { TextField } from "../residents/TextField";

interface FieldsProps {
  draft: FenceDraft;
  fault(name: How | "datum"): string;
  change(part: Partial<FenceDraft>): void;
}

export function ShapeFields({ draft, fault, change }: FieldsProps) {
  const { t } = useTranslation();
  const type = (part: Partial<FenceDraft>) => change(typedIn(draft, part));
  const isTyped = draft.typed.includes(draft.how);
  return (
    <fieldset className="record-part">
      <legend>{t("fences.shape")}</legend>
      <Choice<How> name="how" legend={t("fences.how")} value={draft.how} onChange={(how) => change({ how })} options={HOWS.map((value) => ({ value, label: t(`fences.hows.${value}`) }))} />
      <p className="field-hint">{t(`fences.how_hint.${draft.how}`)}</p>
      {draft.how === "circle" && (
        <div className="record-grid">
          <TextField name="lat" inputMode="decimal" label={t("stations.lat")} value={draft.lat} fault={fault("circle")} onChange={(lat) => type({ lat })} />
          <TextField name="lon" inputMode="decimal" label={t("stations.lon")} value={draft.lon} onChange={(lon) => type({ lon })} />
          <TextField name="radius" inputMode="decimal" label={t("fences.radius")} value={draft.radius} onChange={(radius) => change({ radius })} />
        </div>
      )}
      {draft.how === "polygon" && (
        <>
          <Area name="corners" label={t("fences.corners")} value={draft.corners} fault={fault("polygon")} onChange={(corners) => type({ corners })} />
          <p className="row-acts">
            <button type="button" className="button small" disabled={draft.corners.trim() === ""} onClick={() => change(undone(draft))}>{t("fences.undo_corner")}</button>
            <button type="button" className="button small" disabled={!mayHole(draft.corners)} onClick={() => change({ corners: withHole(draft.corners) })}>{t("fences.hole")}</button>
          </p>
        </>
      )}
      {draft.how === "corridor" && (
        <>
          <Area name="route" label={t("fences.route")} value={draft.route} fault={fault("corridor")} onChange={(route) => type({ route })} />
          <button type="button" className="button small" disabled={draft.route.trim() === ""} onClick={() => change(undone(draft))}>{t("fences.undo_point")}</button>
          <TextField name="width" inputMode="decimal" label={t("fences.width")} value={draft.width} onChange={(width) => change({ width })} />
        </>
      )}
      {draft.how === "text" && <Pasting draft={draft} fault={fault("text")} change={change} />}
      {isTyped && isFixed(draft) && <p className="field-hint" role="status">{t("fences.datum_fixed")}</p>}
      {isTyped && !isFixed(draft) && (
        <>
          <Choice<Datum> name="datum" legend={t("fences.datum")} value={draft.datum} onChange={(datum) => change({ datum })} options={DATUMS.filter((value) => value !== "").map((value) => ({ value, label: t(`fences.datums.${value}`) }))} />
          <p className="field-hint">{t("fences.datum_hint")} {fault("datum") && <span className="field-fault">{fault("datum")}</span>}</p>
        </>
      )}
    </fieldset>
  );
}

/** GeoJSON from elsewhere. Of several fences in it one is taken at a time, with its hours and the rest. */
function Pasting({ draft, fault, change }: { draft: FenceDraft; fault: string; change(part: Partial<FenceDraft>): void }) {
  const { t } = useTranslation();
  const fences = useMemo(() => fencesIn(draft.text), [draft.text]);
  const read = async (files: FileList | null) => {
    const file = files?.[0];
    if (file) change(pasted(draft, await file.text()));
  };
  return (
    <>
      <Area name="geojson" label={t("fences.text")} value={draft.text} fault={fault} onChange={(text) => change(pasted(draft, text))} />
      <label className="field"><span>{t("fences.file")}</span><input type="file" accept=".json,.geojson,application/geo+json" onChange={(event) => void read(event.target.files)} /></label>
      {fences.length > 0 && (
        <>
          <p className="field-hint" role="status">{t("fences.offered")}</p>
          <p className="row-acts">
            {fences.map((fence, n) => <button key={n} type="button" className="button small" onClick={() => change(takenFrom(draft, fence))}>{t("fences.take", { name: fence.name })}</button>)}
          </p>
        </>
      )}
    </>
  );
}

function Area({ name, label, value, fault, onChange }: { name: string; label: string; value: string; fault: string; onChange(value: string): void }) {
  return (
    <div data-fault={fault !== "" || undefined}>
      <label className="field"><span>{label}</span><textarea name={name} rows={4} value={value} spellCheck={false} aria-invalid={fault !== "" || undefined} onChange={(event) => onChange(event.target.value)} /></label>
      {fault && <p className="field-hint field-fault">{fault}</p>}
    </div>
  );
}
