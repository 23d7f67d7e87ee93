/** Where somebody works, chosen of the stations there are. */
import { useTranslation } from "react-i18next";
import { useStations } from "../dispatch/useStations";

interface FieldProps {
  value: string;
  onChange(station: string): void;
  /** What it means to choose none. */
  none: string;
  takesFocus?: boolean;
}

export function StationField({ value, onChange, none, takesFocus = false }: FieldProps) {
  const { t } = useTranslation();
  const stations = useStations();
  return (
    <>
      <label className="field">
        <span>{t("stations.where")}</span>
        <select name="station" value={value} autoFocus={takesFocus} onChange={(event) => onChange(event.target.value)}>
          <option value="">{none}</option>
          {(stations.data ?? []).map(({ id, name }) => <option key={id} value={id}>{name}</option>)}
        </select>
      </label>
      <p className="field-hint">{stations.isError ? t("stations.failed") : t("stations.explain_where")}</p>
    </>
  );
}
