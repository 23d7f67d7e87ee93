/** Of station staff: where they work, or that nobody has said so: then no task reaches them. */
import { useTranslation } from "react-i18next";
import type { User } from "../../src/api/types";
import { useStations } from "../dispatch/useStations";

export function WorksAt({ user }: { user: User }) {
  const { t } = useTranslation();
  const isStaff = user.role === "station";
  const stations = useStations(isStaff);
  if (!isStaff) return null;
  if (user.station == null) return <span className="badge warn" data-testid="works">{t("stations.works_nowhere")}</span>;
  const name = stations.data?.find((station) => station.id === user.station)?.name ?? user.station;
  return <span className="muted" data-testid="works">{t("stations.works", { name })}</span>;
}
