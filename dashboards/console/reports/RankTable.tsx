import { useTranslation } from "react-i18next";
import type { RankedStation } from "../../src/api/types";
import { useSecondsWords } from "./useSecondsWords";

const COUNTS = ["asked", "taken", "declined", "silent", "finished", "failed"] as const;
const SHARES = ["taken_pct", "prompt_pct", "finished_pct"] as const;
const TIMES = ["answered", "arrived"] as const;

/** The stations in their order; a station that was asked too seldom has no place. */
export function RankTable({ stations }: { stations: readonly RankedStation[] }) {
  const { t } = useTranslation();
  const inSeconds = useSecondsWords();
  if (stations.length === 0) return <p role="status" className="muted">{t("quarter.no_stations")}</p>;
  const heads = ["score", ...SHARES, ...COUNTS, ...TIMES] as const;
  return (
    <section aria-labelledby="rank-title">
      <h3 id="rank-title">{t("quarter.table")}</h3>
      <p className="field-hint">{t("quarter.table_hint")}</p>
      <div className="report-scroll" tabIndex={0} role="group" aria-labelledby="rank-title">
        <table className="report-table">
          <thead><tr><th scope="col">{t("quarter.column.station")}</th>{heads.map((column) => <th key={column} scope="col">{t(`quarter.column.${column}`)}</th>)}</tr></thead>
          <tbody>
            {stations.map((station) => (
              <tr key={station.station} data-station={station.station}>
                <th scope="row">{station.place == null ? <span className="badge">{t("quarter.no_place")}</span> : <span className="badge good">{t("quarter.place", { n: station.place })}</span>} {station.name}</th>
                <td><strong>{station.score}</strong></td>
                {SHARES.map((share) => <td key={share}>{station[share]}%</td>)}
                {COUNTS.map((count) => <td key={count}>{station[count]}</td>)}
                {TIMES.map((time) => <td key={time}>{inSeconds(station[time].p50_s)}</td>)}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}
