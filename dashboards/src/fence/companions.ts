/** The handsets of those who go out with somebody: a few, each once, none of them the person's own. Pure. */

/** The server takes no more. */
export const COMPANIONS_AT_MOST = 4;
const ID = /^[\w.:-]{1,64}$/;

export type CompanionFault = "id" | "own" | "there" | "many";

/** With one more; or why it cannot be. */
export function withCompanion(companions: readonly string[], typed: string, own: string | null): string[] | CompanionFault {
  const handset = typed.normalize("NFKC").trim();
  if (!ID.test(handset)) return "id";
  if (handset === own) return "own";
  if (companions.includes(handset)) return "there";
  return companions.length >= COMPANIONS_AT_MOST ? "many" : [...companions, handset];
}
