/** Residents' records, for those who keep them. Each search and each look goes on record. */
import { answered, type Answered } from "./account";
import { api } from "./client";
import { read, type Page } from "./read";
import type { ResidentCard, ResidentListItem, ResidentRecord } from "./types";

const PAGE_ROWS = 20;

export const findResidents = (q: string, cursor?: string): Promise<Page<ResidentListItem>> =>
  read(api.GET("/api/residents", { params: { query: { q, limit: PAGE_ROWS, cursor } } }));

export const readRecord = (id: string, reason: string): Promise<Answered<ResidentCard>> =>
  answered(api.GET("/api/residents/{id}", { params: { path: { id }, query: { reason } } }));

export const addResident = (body: ResidentRecord): Promise<Answered<ResidentCard>> => answered(api.POST("/api/residents", { body }));

export const changeResident = (id: string, body: ResidentRecord): Promise<Answered<ResidentCard>> =>
  answered(api.PUT("/api/residents/{id}", { params: { path: { id } }, body }));
