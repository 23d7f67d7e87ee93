/** How long people waited, and each answer that took too long. */
import type { Query } from "../reports/report";
import { answered, type Answered } from "./account";
import { api } from "./client";
import { read } from "./read";
import type { LateReview, ResponseReport } from "./types";

/** Of a year's incidents it is made in seconds. */
const REPORT_TIMEOUT_MS = 30_000;

export const readReport = async ({ from, to, by }: Query): Promise<ResponseReport> =>
  (await read(api.GET("/api/reports/response", {
    params: { query: { from, to, by } }, fetch: (request: Request) => fetch(request, { signal: AbortSignal.timeout(REPORT_TIMEOUT_MS) }),
  }))) as ResponseReport;

/** What a supervisor found out; until then it stays listed. */
export const reviewLate = (incident: string, note: string): Promise<Answered<LateReview>> =>
  answered(api.POST("/api/reports/late/{id}", { params: { path: { id: incident } }, body: { note } }));
