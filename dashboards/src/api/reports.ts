/** Reports: how long people waited, which stations did best, whether messages arrived and handsets were heard. */
import type { Query } from "../reports/report";
import { answered, type Answered } from "./account";
import { api, patiently } from "./client";
import { read } from "./read";
import type { HandsetReport, LateReview, NoticeReport, QuarterReport, ResponseReport } from "./types";

type Span = Pick<Query, "from" | "to">;

/** Of a year's incidents it is made in seconds. */
const REPORT_TIMEOUT_MS = 30_000;

export const readReport = async ({ from, to, by }: Query): Promise<ResponseReport> =>
  (await read(api.GET("/api/reports/response", { params: { query: { from, to, by } }, ...patiently(REPORT_TIMEOUT_MS) }))) as ResponseReport;

export const readQuarter = async (quarter: string): Promise<QuarterReport> =>
  (await read(api.GET("/api/reports/quarter", { params: { query: { quarter } }, ...patiently(REPORT_TIMEOUT_MS) }))) as QuarterReport;

export const readNoticeReport = async ({ from, to }: Span): Promise<NoticeReport> =>
  (await read(api.GET("/api/reports/notices", { params: { query: { from, to } }, ...patiently(REPORT_TIMEOUT_MS) }))) as NoticeReport;

export const readHandsetReport = async ({ from, to }: Span): Promise<HandsetReport> =>
  (await read(api.GET("/api/reports/handsets", { params: { query: { from, to } }, ...patiently(REPORT_TIMEOUT_MS) }))) as HandsetReport;

/** What a supervisor found out; until then it stays listed. */
export const reviewLate = (incident: string, note: string): Promise<Answered<LateReview>> =>
  answered(api.POST("/api/reports/late/{id}", { params: { path: { id: incident } }, body: { note } }));
