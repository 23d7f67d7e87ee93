/** What the desk looks after beside incidents: drills, the technical list of the day, the ladder. */
import { answered, type Answered } from "./account";
import { api } from "./client";
import { read } from "./read";
import type { DrillDue, DrillWindow, Ladder, TechnicalList } from "./types";

/** Who has waited longest first. */
export const readDrillsDue = async (): Promise<DrillDue[]> => (await read(api.GET("/api/drills/due"))).items;

export const openDrill = (handset: string, minutes: number): Promise<Answered<DrillWindow>> =>
  answered(api.POST("/api/handsets/{id}/drill", { params: { path: { id: handset } }, body: { minutes } }));

export const endDrill = (handset: string): Promise<Answered> =>
  answered<undefined>(api.DELETE("/api/handsets/{id}/drill", { params: { path: { id: handset } } }));

export const readTechnical = (): Promise<TechnicalList> => read(api.GET("/api/technical"));

export const readLadder = (): Promise<Ladder> => read(api.GET("/api/ladder"));

export const saveLadder = (text: string): Promise<Answered<Ladder>> => answered(api.PUT("/api/ladder", { body: { text } }));
