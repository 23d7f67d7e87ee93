/** Every report of a fall of a resident, newest first. Each page that is read is a look, and goes on record. */
import { api } from "./client";
import { read, type Page } from "./read";
import type { FallReport } from "./types";

export const readFalls = (resident: string, reason: string, cursor?: string): Promise<Page<FallReport>> =>
  read(api.GET("/api/residents/{id}/falls", { params: { path: { id: resident }, query: { ...(reason === "" ? {} : { reason }), cursor } } }));
