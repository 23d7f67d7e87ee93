/** What a person may ask for: a copy of what is held about them, who looked, and to be forgotten. Each goes on record with its reason. */
import { answered, type Answered } from "./account";
import { api, patiently } from "./client";
import type { Erased } from "./types";

export type CopyPart = "all" | "looks";

/** Years of somebody's life are put together, or the person is taken out of many incidents. */
const RIGHTS_TIMEOUT_MS = 60_000;

interface CopyAsked {
  reason: string;
  /** Telephones, address and identity number are masked in it unless whole ones are asked for. */
  whole?: boolean;
  /** Of looks: those before this time. */
  to?: string;
}

export const readCopy = (resident: string, part: CopyPart, asked: CopyAsked): Promise<Answered<Blob>> =>
  answered(api.GET("/api/residents/{id}/export", { params: { path: { id: resident }, query: { part, ...asked } }, parseAs: "blob", ...patiently(RIGHTS_TIMEOUT_MS) }));

/** A file of looks holds so many at most; its last line says before which time there may be more. */
export const olderThan = (looks: string): string | null => /\n,,,more,,[^"\n]*\bto=([^\s",]+)\s*$/.exec(looks)?.[1] ?? null;

/** It cannot be undone; the id said once more is what the server wants to see. */
export const erase = (resident: string, reason: string, confirm: string): Promise<Answered<Erased>> =>
  answered(api.POST("/api/residents/{id}/erase", { params: { path: { id: resident } }, body: { reason, confirm }, ...patiently(RIGHTS_TIMEOUT_MS) }));
