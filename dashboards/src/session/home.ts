/** Whose page is whose. Pure. */
import type { Session } from "../api/types";

/** Where an account of this role has its own page; everybody else's is the console. */
export function homeOf(role: Session["role"]): "/" | "/station/" | "/family/" {
  if (role === "station") return "/station/";
  return role === "relative" ? "/family/" : "/";
}

/** Auditors see nothing of what happens now, and programs have no eyes. */
export const hasDesk = (role: Session["role"]): boolean => homeOf(role) === "/" && role !== "auditor" && role !== "service";
