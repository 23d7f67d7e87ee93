/** Lengths on the ground, in words. Pure. */
import type { Translate } from "../time/format";

/** Distances as people say them: to ten metres, then to a tenth of a kilometre. */
export function distanceWords(metres: number, t: Translate): string {
  return metres < 1000 ? t("distance.metres", { n: Math.round(metres / 10) * 10 }) : t("distance.kilometres", { n: (metres / 1000).toFixed(1) });
}
