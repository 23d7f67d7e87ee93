/** What a relative's sight stands on, as far as it can be told from the records shown. Pure. */
import type { Consent, Relative } from "../api/types";

export const stands = (consent: Consent): boolean => consent.withdrawn_at == null;

/** Consents on which the sight may stand: a grant begins after its consent was entered, and ends with it. */
export function mayStandOn(relative: Relative, consents: readonly Consent[]): Consent[] {
  const since = Date.parse(relative.since);
  return consents.filter((consent) => consent.purpose === "family" && stands(consent) && Date.parse(consent.recorded_at) <= since);
}

export interface Losses {
  surely: Relative[];
  /** Their sight may as well stand on another consent. */
  perhaps: Relative[];
}

/** Who loses their sight when this consent is withdrawn. */
export function lostWith(consent: Consent, consents: readonly Consent[], relatives: readonly Relative[]): Losses {
  const losses: Losses = { surely: [], perhaps: [] };
  for (const relative of relatives) {
    const under = mayStandOn(relative, consents);
    if (!under.some((each) => each.id === consent.id)) continue;
    (under.length === 1 ? losses.surely : losses.perhaps).push(relative);
  }
  return losses;
}
