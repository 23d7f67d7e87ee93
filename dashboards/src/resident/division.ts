/** Where somebody lives as the administration counts it: a district, a township or street in it, a community or village. Pure. */

const LEVELS = { 6: "district", 9: "township", 12: "community" } as const;

export type DivisionLevel = (typeof LEVELS)[keyof typeof LEVELS];

/** A code as it was typed: with gaps, or in the wide digits of a Chinese keyboard. */
export const divisionCode = (typed: string): string => typed.normalize("NFKC").replace(/\s/g, "");

/** What a code names; null of what cannot be one. */
export function divisionLevel(code: string): DivisionLevel | null {
  if (!/^\d+$/.test(code)) return null;
  return LEVELS[code.length as keyof typeof LEVELS] ?? null;
}

/** A division's code begins with the code of the one it lies in. An account without a scope is for everybody. */
export const liesIn = (scope: string | null | undefined, code: string): boolean => scope == null || code.startsWith(scope);
