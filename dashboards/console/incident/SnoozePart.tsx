/** How long it is not repeated that somebody is still out of a fence, or still in a zone: part of closing. */
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { readZones } from "../../src/api/fences";
import type { Incident } from "../../src/api/types";
import { canSnooze, snoozableOf, snoozeWords } from "../../src/incident/snooze";
import { Choice } from "./Choice";

/** Hours; none is as usual. */
const SNOOZES = ["0", "1", "2", "4", "8"] as const;
export type Snooze = (typeof SNOOZES)[number];

export function SnoozePart({ incident, snooze, onSnooze }: { incident: Incident; snooze: Snooze; onSnooze(snooze: Snooze): void }) {
  const { t } = useTranslation();
  const snoozable = snoozableOf(incident);
  const zones = useQuery({ queryKey: ["zones"], queryFn: readZones, enabled: snoozable.zones.length > 0 });
  if (!canSnooze(snoozable)) return null;
  const nameOf = (id: string) => zones.data?.find((zone) => zone.id === id)?.name;
  return (
    <div data-testid="snooze">
      <Choice<Snooze> name="snooze" legend={snoozeWords(snoozable, nameOf, t)} value={snooze} onChange={onSnooze} options={SNOOZES.map((value) => ({ value, label: value === "0" ? t("snooze.none") : t("snooze.hours", { n: value }) }))} />
      {snoozable.hasFence && <p className="field-hint">{t("snooze.hint")}</p>}
      {snoozable.zones.length > 0 && <p className="field-hint">{t("snooze.hint_zone")}</p>}
    </div>
  );
}
