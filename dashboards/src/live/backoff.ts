/** How long to wait before the next attempt to reach the server. */

/** Short enough that an operator hardly notices a restart of the server. */
const FIRST_DELAY_MS = 400;
/** A console is worth more than the server's comfort: never further apart than this. */
const LONGEST_DELAY_MS = 8_000;

/**
 * Doubles with each attempt up to the longest delay, then takes a random point in the upper half, so that forty
 * consoles cut off together do not come back together.
 */
export function retryDelayMs(attempt: number, random: number): number {
  const ceiling = Math.min(LONGEST_DELAY_MS, FIRST_DELAY_MS * 2 ** Math.min(attempt, 10));
  return Math.round(ceiling / 2 + (ceiling / 2) * random);
}
