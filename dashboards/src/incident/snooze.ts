/** What may be silent for a while after an incident is closed: that somebody is still out of a fence, or still in a zone. Pure. */
import type { Incident } from "../api/types";
import type { Translate } from "../time/format";

export interface Snoozable {
  hasFence: boolean;
  /** Zones shared by all, each once. */
  zones: string[];
}

export function snoozableOf({ signals }: Pick<Incident, "signals">): Snoozable {
  const zones = signals.flatMap(({ evidence }) => (evidence?.zone == null ? [] : [evidence.zone]));
  return { hasFence: signals.some(({ evidence }) => evidence?.fence != null), zones: [...new Set(zones)] };
}

export const canSnooze = ({ hasFence, zones }: Snoozable): boolean => hasFence || zones.length > 0;

/** 仍在「北运河」内时的重复提醒. A zone whose name is not known is told by its id. */
export function snoozeWords({ hasFence, zones }: Snoozable, nameOf: (zone: string) => string | undefined, t: Translate): string {
  if (zones.length === 0) return t("snooze.legend");
  const names = zones.map((zone) => t("snooze.zone", { name: nameOf(zone) ?? zone })).join(t("snooze.and"));
  return t(hasFence ? "snooze.legend_both" : "snooze.legend_zones", { names });
}
