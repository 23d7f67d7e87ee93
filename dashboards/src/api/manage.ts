/** Accounts, handsets and looks, for those who answer for them. */
import { answered, type Answered } from "./account";
import { api } from "./client";
import { read, type Page } from "./read";
import type { Binding, Carried, Handset, HandsetClaim, HandsetUpdate, Look, NewPhone, NewReview, OwnSession, Phone, Provisioned, User } from "./types";

const PAGE_ROWS = 50;

const of = (id: string) => ({ params: { path: { id } } });

export const readLooks = (state: "waiting" | "all", cursor?: string): Promise<Page<Look>> =>
  read(api.GET("/api/looks", { params: { query: { state, limit: PAGE_ROWS, cursor } } }));

export const reviewLook = (look: string, body: NewReview): Promise<Answered<Look>> =>
  answered(api.POST("/api/looks/{id}/review", { ...of(look), body }));

export const readUsers = (cursor?: string): Promise<Page<User>> => read(api.GET("/api/users", { params: { query: { limit: PAGE_ROWS, cursor } } }));

export const shutOut = (username: string, disabled: boolean): Promise<Answered<User>> =>
  answered(api.PUT("/api/users/{username}", { params: { path: { username } }, body: { disabled } }));

/** Null: everybody's residents. */
export const setScope = (username: string, scope: string | null): Promise<Answered<User>> =>
  answered(api.PUT("/api/users/{username}", { params: { path: { username } }, body: { scope: scope ?? "" } }));

/** Of station staff; null: nowhere. */
export const setStation = (username: string, station: string | null): Promise<Answered<User>> =>
  answered(api.PUT("/api/users/{username}", { params: { path: { username } }, body: { station: station ?? "" } }));

/** In the place of an account's name: of all accounts. */
export const EVERYBODY = "*";

/** The newest; with `next` there are older ones. */
export const readSessions = (username: string): Promise<Page<OwnSession>> =>
  read(api.GET("/api/sessions", { params: { query: { username } } }));

export const endSessions = (username: string): Promise<Answered> =>
  answered<undefined>(api.DELETE("/api/users/{username}/sessions", { params: { path: { username } } }));

export const readHandsets = (q: string, cursor?: string): Promise<Page<Handset>> =>
  read(api.GET("/api/handsets", { params: { query: { ...(q === "" ? {} : { q }), limit: PAGE_ROWS, cursor } } }));

export const changeHandset = (handset: string, body: HandsetUpdate): Promise<Answered<Handset>> =>
  answered(api.PUT("/api/handsets/{id}", { ...of(handset), body }));

export const claimHandset = (handset: string): Promise<Answered<HandsetClaim>> => answered(api.POST("/api/handsets/{id}/claim", of(handset)));

export const readBindings = async (handset: string): Promise<Binding[]> =>
  (await read(api.GET("/api/handsets/{id}/bindings", of(handset)))).items;

/** Every handset that a resident carried, the newest first. */
export const readCarried = async (resident: string): Promise<Carried[]> =>
  (await read(api.GET("/api/residents/{id}/handsets", of(resident)))).items;

export const readPhones = async (handset: string): Promise<Phone[]> => (await read(api.GET("/api/handsets/{id}/phones", of(handset)))).items;

export const bindPhone = (handset: string, body: NewPhone): Promise<Answered<Phone>> =>
  answered(api.POST("/api/handsets/{id}/phones", { ...of(handset), body }));

export const unbindPhone = (handset: string, phone: string): Promise<Answered> =>
  answered<undefined>(api.DELETE("/api/handsets/{id}/phones/{phone}", { params: { path: { id: handset, phone } } }));

/** A new secret for a telephone, which cannot fetch one by a claim code itself. */
export async function fetchSecret(handset: string): Promise<Answered<Provisioned>> {
  const claim = await claimHandset(handset);
  return claim.kind === "done" ? answered(api.POST("/api/provision", { body: { code: claim.value.code } })) : claim;
}
