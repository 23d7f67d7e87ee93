/** Fences, zones and how somebody is watched. Reading those of a resident is a look, with a reason where no incident is open. */
import type { LonLat } from "../geo/metres";
import { answered, type Answered } from "./account";
import { api } from "./client";
import { read } from "./read";
import type { Fence, FenceRecord, Habits, Policy, PolicyChange, Zone, ZoneRecord } from "./types";

const of = (id: string) => ({ params: { path: { id } } });
const why = (id: string, reason: string) => ({ params: { path: { id }, query: reason === "" ? {} : { reason } } });
const one = (id: string, fence: string) => ({ params: { path: { id, fence } } });

export const readFences = (resident: string, reason: string): Promise<Answered<{ items: Fence[] }>> =>
  answered(api.GET("/api/residents/{id}/fences", why(resident, reason)));

/** As other programs read it, and this page again. It is a look like any other. */
export const exportFences = (resident: string, reason: string): Promise<Answered<string>> =>
  answered(api.GET("/api/residents/{id}/fences", { ...why(resident, reason), headers: { Accept: "application/geo+json" }, parseAs: "text" }));

export const addFence = (resident: string, body: FenceRecord): Promise<Answered<Fence>> =>
  answered(api.POST("/api/residents/{id}/fences", { ...of(resident), body }));

export const changeFence = (resident: string, fence: string, body: FenceRecord): Promise<Answered<Fence>> =>
  answered(api.PUT("/api/residents/{id}/fences/{fence}", { ...one(resident, fence), body }));

export const endFence = (resident: string, fence: string): Promise<Answered> =>
  answered<undefined>(api.DELETE("/api/residents/{id}/fences/{fence}", one(resident, fence)));

export const readPolicy = (resident: string, reason: string): Promise<Answered<Policy>> =>
  answered(api.GET("/api/residents/{id}/policy", why(resident, reason)));

export const putPolicy = (resident: string, body: PolicyChange): Promise<Answered<Policy>> =>
  answered(api.PUT("/api/residents/{id}/policy", { ...of(resident), body }));

export const readHabits = (resident: string, reason: string): Promise<Habits> => read(api.GET("/api/residents/{id}/habits", why(resident, reason)));

/** What is within so many metres of a place; 0 is the square it lies in. */
export const forgetNear = (resident: string, [lon, lat]: LonLat, within_m: number): Promise<Answered> =>
  answered<undefined>(api.DELETE("/api/residents/{id}/habits", { params: { path: { id: resident }, query: { lat, lon, within_m } } }));

export const forgetHabits = (resident: string): Promise<Answered> =>
  answered<undefined>(api.DELETE("/api/residents/{id}/habits", of(resident)));

export const readZones = async (): Promise<Zone[]> => (await read(api.GET("/api/zones"))).items;

export const addZone = (body: ZoneRecord): Promise<Answered<Zone>> => answered(api.POST("/api/zones", { body }));

export const changeZone = (id: string, body: ZoneRecord): Promise<Answered<Zone>> => answered(api.PUT("/api/zones/{id}", { ...of(id), body }));

export const endZone = (id: string): Promise<Answered> => answered<undefined>(api.DELETE("/api/zones/{id}", of(id)));
