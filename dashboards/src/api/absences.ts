/** Planned absences of a resident. Each list that is read is a look, and goes on record. */
import { answered, type Answered } from "./account";
import { api } from "./client";
import { read } from "./read";
import type { Absence, NewAbsence } from "./types";

export const readAbsences = async (resident: string): Promise<Absence[]> =>
  (await read(api.GET("/api/residents/{id}/absences", { params: { path: { id: resident } } }))).items;

export const enterAbsence = (resident: string, body: NewAbsence): Promise<Answered<Absence>> =>
  answered(api.POST("/api/residents/{id}/absences", { params: { path: { id: resident } }, body }));

export const endAbsence = (resident: string, absence: string): Promise<Answered> =>
  answered<undefined>(api.DELETE("/api/residents/{id}/absences/{absence}", { params: { path: { id: resident, absence } } }));
