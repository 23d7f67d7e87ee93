/** An incident on paper, as the server writes it. Each page that is asked for goes on record. */
import { answered, type Answered } from "./account";
import { api } from "./client";

export type Part = "file" | "handover";

export const readPaper = (incident: string, part: Part): Promise<Answered<string>> =>
  answered(api.GET("/api/incidents/{id}/file", { params: { path: { id: incident }, query: { part } }, parseAs: "text" }));
