/** What handsets are asked to do, and how far each question has come. */
import { answered, type Answered } from "./account";
import { api } from "./client";
import { read } from "./read";
import type { Asked, NewCommand } from "./types";

/** Newest first. */
export const readAsked = async (incident: string): Promise<Asked[]> =>
  (await read(api.GET("/api/incidents/{id}/commands", { params: { path: { id: incident } } }))).items;

export const askHandset = (handset: string, body: NewCommand): Promise<Answered<Asked>> =>
  answered(api.POST("/api/handsets/{id}/commands", { params: { path: { id: handset } }, body }));
