/** How a fence is drawn: a circle by middle and radius, corners by clicking or typing, or GeoJSON from elsewhere. */
import { useTranslation } from "react-i18next";
import { type Datum, DATUMS, type FenceDraft, HOWS, type How } from "../../src/fence/draft";
import { Choice } from "../incident/Choice";
import { TextField } from "../residents/TextField";

interface FieldsProps {
  draft: FenceDraft;
  fault(name: "circle" | "polygon" | "text"): string;
  change(part: Partial<FenceDraft>): void;
}

export function ShapeFields({ draft, fault, change }: FieldsProps) {
  const { t } = useTranslation();
  const read = async (files: FileList | null) => {
    const file = files?.[0];
    if (file) change({ text: await file.text() });
  };
  const corner = draft.corners.trim().split("\n").slice(0, -1).join("\n");
  return (
    <fieldset className="record-part">
      <legend>{t("fences.shape")}</legend>
      <Choice<How> name="how" legend={t("fences.how")} value={draft.how} onChange={(how) => change({ how })} options={HOWS.map((value) => ({ value, label: t(`fences.hows.${value}`) }))} />
      <p className="field-hint">{t(`fences.how_hint.${draft.how}`)}</p>
      {draft.how === "circle" && (
        <div className="record-grid">
          <TextField name="lat" inputMode="decimal" label={t("stations.lat")} value={draft.lat} fault={fault("circle")} onChange={(lat) => change({ lat })} />
          <TextField name="lon" inputMode="decimal" label={t("stations.lon")} value={draft.lon} onChange={(lon) => change({ lon })} />
          <TextField name="radius" inputMode="decimal" label={t("fences.radius")} value={draft.radius} onChange={(radius) => change({ radius })} />
        </div>
      )}
      {draft.how === "polygon" && (
        <Area name="corners" label={t("fences.corners")} value={draft.corners} fault={fault("polygon")} onChange={(corners) => change({ corners })} />
      )}
      {draft.how === "polygon" && <button type="button" className="button small" disabled={draft.corners.trim() === ""} onClick={() => change({ corners: corner === "" ? "" : `${corner}\n` })}>{t("fences.undo_corner")}</button>}
      {draft.how === "text" && (
        <>
          <Area name="geojson" label={t("fences.text")} value={draft.text} fault={fault("text")} onChange={(text) => change({ text })} />
          <label className="field"><span>{t("fences.file")}</span><input type="file" accept=".json,.geojson,application/geo+json" onChange={(event) => void read(event.target.files)} /></label>
        </>
      )}
      <Choice<Datum> name="datum" legend={t("fences.datum")} value={draft.datum} onChange={(datum) => change({ datum })} options={DATUMS.map((value) => ({ value, label: t(`fences.datums.${value === "" ? "unsaid" : value}`) }))} />
    </fieldset>
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
