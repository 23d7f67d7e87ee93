/** What handsets are asked to do, and how far each question has come. */
import { answered, type Answered } from "./account";
import { api } from "./client";
import { read } from "./read";
import type { Asked, AskedList, NewCommand } from "./types";

/** Newest first, and how often the platform itself asked where the person is. */
export const readAsked = (incident: string): Promise<AskedList> =>
  read(api.GET("/api/incidents/{id}/commands", { params: { path: { id: incident } } }));

export const askHandset = (handset: string, body: NewCommand): Promise<Answered<Asked>> =>
  answered(api.POST("/api/handsets/{id}/commands", { params: { path: { id: handset } }, body }));
