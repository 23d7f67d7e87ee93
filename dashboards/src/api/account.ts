/** What people do about their own account and screen, and how it can end. Nothing here throws. */
import { api } from "./client";
import { problemOf } from "./commands";
import type { Invited, OwnSession, SecondFactor, Session } from "./types";

export type Refused = { kind: "refused"; status: number; code: string; detail: string; retry_after_s: number | null };
export type Answered<Value = undefined> = { kind: "done"; value: Value } | Refused | { kind: "unreached" };
export type Failed = Exclude<Answered, { kind: "done" }>;

interface Reply<Value> {
  data?: Value;
  error?: unknown;
  response: Response;
}

export async function answered<Value>(request: Promise<Reply<Value>>): Promise<Answered<Value>> {
  try {
    const { data, error, response } = await request;
    if (response.ok) return { kind: "done", value: data as Value };
    const { code = "", detail, title = "", retry_after_s = null } = problemOf(error);
    return { kind: "refused", status: response.status, code, detail: detail ?? title, retry_after_s };
  } catch {
    return { kind: "unreached" };
  }
}

export const changePassword = (old: string, fresh: string, code: string | null): Promise<Answered> =>
  answered<undefined>(api.POST("/api/me/password", { body: { old, new: fresh, code } }));

export const offerSecondFactor = (password: string): Promise<Answered<SecondFactor>> =>
  answered(api.POST("/api/me/totp", { body: { password } }));

export const confirmSecondFactor = (code: string): Promise<Answered> =>
  answered<undefined>(api.PUT("/api/me/totp", { body: { code } }));

export const removeSecondFactor = (password: string, code: string): Promise<Answered> =>
  answered<undefined>(api.DELETE("/api/me/totp", { body: { password, code } }));

export async function ownSessions(): Promise<OwnSession[]> {
  const { data } = await api.GET("/api/sessions");
  if (!data) throw new Error("the sessions could not be read");
  return data.items;
}

export const endSession = (id: string): Promise<Answered> =>
  answered<undefined>(api.DELETE("/api/sessions/{id}", { params: { path: { id } } }));

export const lock = (): Promise<Answered> => answered<undefined>(api.POST("/api/session/lock"));

export interface Unlocking {
  password: string;
  /** A supervisor who unlocks it in the holder's place. */
  supervisor?: string;
  code?: string;
}

export const unlock = (how: Unlocking): Promise<Answered> => answered<undefined>(api.POST("/api/session/unlock", { body: how }));

export const readInvitation = (code: string): Promise<Answered<Invited>> =>
  answered(api.GET("/api/join/{code}", { params: { path: { code } } }));

/** For the account that is logged in. */
export const redeem = (code: string): Promise<Answered> => answered<undefined>(api.POST("/api/me/grants", { body: { code } }));

export const join = (code: string, username: string | null, password: string): Promise<Answered<Session>> =>
  answered(api.POST("/api/join/{code}", { params: { path: { code } }, body: { password, ...(username === null ? {} : { username }) } }));
