/** What stands on a consent. Pure. */
import type { Consent, Relative } from "../api/types";

export const stands = (consent: Consent): boolean => consent.withdrawn_at == null;

/** Who loses their sight when this consent is withdrawn. */
export const lostWith = (consent: Consent, relatives: readonly Relative[]): Relative[] =>
  relatives.filter((relative) => relative.consent === consent.id);
