/** Where they live: the division, and the place on the map. The place that is on record is not shown here. */
import { useTranslation } from "react-i18next";
import { useMe } from "../state/deskStore";
import { DivisionField } from "../manage/DivisionField";
import type { PartProps } from "./RecordForm";
import { TextField } from "./TextField";

export function HomePart({ draft, before, fault, change }: PartProps) {
  const { t } = useTranslation();
  const scope = useMe()?.scope ?? null;
  const label = (field: string) => t(`manage.residents.fields.${field}`);
  /** Both at once, as a map's page gives them to be copied: 33.9631, 118.2769. */
  const changeLat = (typed: string) => {
    const [lat, lon, more] = typed.normalize("NFKC").split(/[,，\s]+/).filter(Boolean);
    change(lat !== undefined && lon !== undefined && more === undefined ? { lat, lon } : { lat: typed });
  };
  const home = fault("home");
  return (
    <fieldset className="record-part">
      <legend>{t("manage.residents.parts.home")}</legend>
      <DivisionField
        label={<>{label("division")} {scope !== null && <small className="muted">{t("manage.users.scope_is", { scope })}</small>}</>}
        value={draft.division} onChange={(division) => change({ division })} fault={fault("division")}
      />
      <div className="record-grid" data-fault={home !== "" || undefined}>
        <TextField name="lat" inputMode="decimal" label={label("lat")} placeholder={before === null ? "33.9631" : ""} value={draft.lat} onChange={changeLat} fault={home} />
        <TextField name="lon" inputMode="decimal" label={label("lon")} placeholder={before === null ? "118.2769" : ""} value={draft.lon} onChange={(lon) => change({ lon })} />
      </div>
      <p className="field-hint">{before !== null && <strong>{t("manage.residents.hints.home_keeps")}</strong>} {t("manage.residents.hints.home")}</p>
    </fieldset>
  );
}
