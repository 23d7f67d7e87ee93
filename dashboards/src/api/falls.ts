/** Every report of a fall of a resident, newest first. Each page that is read is a look, and goes on record. */
import { api } from "./client";
import { read, type Page } from "./read";
import type { FallReport } from "./types";

interface Reply {
  data?: Page<FallReport>;
  error?: unknown;
}

/** The server's document does not name the path yet. */
const get = api.GET as unknown as (path: string, init: object) => Promise<Reply>;

export const readFalls = (resident: string, reason: string, cursor?: string): Promise<Page<FallReport>> =>
  read(get("/api/residents/{id}/falls", { params: { path: { id: resident }, query: { ...(reason === "" ? {} : { reason }), cursor } } }));
