/** How often the fences on a screen are read anew. Each reading is a look on record. Pure. */

/** Where they stand to each fence changes as they walk. */
export const READ_AGAIN_MS = 30_000;

/** An open incident is a reason that lasts; one that somebody typed was for one look. A refusal is not asked for again. */
export const readAgainAfter = (reason: string, isShown: boolean): number | false => (reason === "" && isShown ? READ_AGAIN_MS : false);
