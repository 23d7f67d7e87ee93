/** Who of a family may see a resident: on which consent, by which invitation, and what is kept from them. */
import { answered, type Answered } from "./account";
import { api } from "./client";
import { read, readAll } from "./read";
import type { Consent, Invitation, InvitationLink, NewConsent, NewInvitation, NewWithholding, Relatives, Withholding } from "./types";

const of = (id: string) => ({ params: { path: { id } } });

export const readRelatives = (resident: string): Promise<Relatives> => read(api.GET("/api/residents/{id}/relatives", of(resident)));

export const endSight = (resident: string, username: string): Promise<Answered> =>
  answered<undefined>(api.DELETE("/api/residents/{id}/relatives/{username}", { params: { path: { id: resident, username } } }));

export const withhold = (resident: string, body: NewWithholding): Promise<Answered<Withholding>> =>
  answered(api.POST("/api/residents/{id}/withholdings", { ...of(resident), body }));

export const giveBack = (withholding: string): Promise<Answered> => answered<undefined>(api.DELETE("/api/withholdings/{id}", of(withholding)));

export const readConsents = async (resident: string): Promise<Consent[]> =>
  (await read(api.GET("/api/residents/{id}/consents", of(resident)))).items;

export const addConsent = (resident: string, body: NewConsent): Promise<Answered<Consent>> =>
  answered(api.POST("/api/residents/{id}/consents", { ...of(resident), body }));

export const withdrawConsent = (consent: string): Promise<Answered<Consent>> => answered(api.POST("/api/consents/{id}/withdraw", of(consent)));

/** All of them, so that each can be found and taken back. */
export const readInvitations = (): Promise<Invitation[]> =>
  readAll((cursor) => read(api.GET("/api/invitations", { params: { query: { limit: 200, cursor } } })));

export const invite = (body: NewInvitation): Promise<Answered<InvitationLink>> => answered(api.POST("/api/invitations", { body }));

export const withdrawInvitation = (invitation: string): Promise<Answered> =>
  answered<undefined>(api.DELETE("/api/invitations/{id}", of(invitation)));
