/** What stands on a consent. Pure. */
import type { Consent, Relative } from "../api/types";

export const stands = (consent: Consent): boolean => consent.withdrawn_at == null;

/** Who loses their sight when this consent is withdrawn. */
export const lostWith = (consent: Consent, relatives: readonly Relative[]): Relative[] =>
  relatives.filter((relative) => relative.consent === consent.id);

/** What a consent may let a relative see, in the order in which it is asked. */
export const SHARES = ["news", "position", "track"] as const;
export type Share = (typeof SHARES)[number];

/** The same with this one chosen, or no more; always in their order. */
export const withShare = (chosen: readonly Share[], share: Share): Share[] =>
  SHARES.filter((each) => (each === share ? !chosen.includes(each) : chosen.includes(each)));
