/** What a role is offered here. The server has the last word. */
import type { Session } from "../../src/api/types";

type Role = Session["role"];

const oneOf = (...roles: Role[]) => (role: Role | undefined): boolean => role !== undefined && roles.includes(role);

export const mayReadRelatives = oneOf("operator", "supervisor", "admin", "relative");
export const mayWithhold = oneOf("operator", "supervisor");
export const mayKeepConsents = oneOf("supervisor", "admin");
/** Drills and the technical list of the day. */
export const mayWatch = oneOf("operator", "supervisor", "admin");
export const mayKeepLadder = oneOf("supervisor", "admin");
/** Fences, zones, how somebody is watched. */
export const mayDraw = oneOf("supervisor", "admin");
export const mayReadReports = oneOf("supervisor", "admin");
export const mayReviewLooks = oneOf("supervisor");
/** A resident without an open incident, for a reason. Administrators open records instead. */
export const mayLookUp = oneOf("operator", "supervisor");
/** Where people are logged in. */
export const mayEndSessions = oneOf("supervisor", "admin");
export const mayManage = oneOf("admin");
export const mayReadQuarantine = oneOf("supervisor", "admin");
export const mayReadAudit = oneOf("supervisor");
