/** Lists as they are put together in a form. Pure. */

/** What stands in a list of words, and what is typed but not added yet: it counts too. */
export interface Tags {
  list: readonly string[];
  typed: string;
}

/** Several may be typed at once, as they stand on paper. */
const SEPARATORS = /[、，,；;\n]+/;

export function allOf({ list, typed }: Tags): string[] {
  const added = typed.split(SEPARATORS).map((words) => words.trim()).filter((words) => words !== "");
  return [...new Set([...list, ...added])];
}

export const without = <Item>(list: readonly Item[], at: number): Item[] => list.filter((_, n) => n !== at);

/** The same list with one item a place further up (-1) or down (1), as far as there is a place. */
export function moved<Item>(list: readonly Item[], at: number, by: -1 | 1): Item[] {
  const [item, other] = [list[at], list[at + by]];
  if (item === undefined || other === undefined) return [...list];
  return list.map((each, n) => (n === at ? other : n === at + by ? item : each));
}
