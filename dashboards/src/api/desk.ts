/** What the desk looks after beside incidents: drills, the technical list of the day, the ladder. */
import { answered, type Answered } from "./account";
import { api } from "./client";
import { read } from "./read";
import type { DrillsDue, DrillWindow, Ladder, TechnicalList } from "./types";

/** As many as the server gives at once. */
const DUE_ROWS = 200;

/** Who has waited longest first; of a part of a name or of a handset, if one is sought. Whoever goes on through everybody has a reason. */
export const readDrillsDue = (q: string, reason: string, cursor?: string): Promise<DrillsDue> =>
  read(api.GET("/api/drills/due", { params: { query: { ...(q === "" ? {} : { q }), ...(reason === "" ? {} : { reason }), limit: DUE_ROWS, cursor } } }));

export const openDrill = (handset: string, minutes: number): Promise<Answered<DrillWindow>> =>
  answered(api.POST("/api/handsets/{id}/drill", { params: { path: { id: handset } }, body: { minutes } }));

export const endDrill = (handset: string): Promise<Answered> =>
  answered<undefined>(api.DELETE("/api/handsets/{id}/drill", { params: { path: { id: handset } } }));

export const readTechnical = (): Promise<TechnicalList> => read(api.GET("/api/technical"));

export const readLadder = (): Promise<Ladder> => read(api.GET("/api/ladder"));

export const saveLadder = (text: string): Promise<Answered<Ladder>> => answered(api.PUT("/api/ladder", { body: { text } }));
