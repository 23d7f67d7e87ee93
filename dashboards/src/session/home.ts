/** Whose page is whose. Pure. */
import type { Session } from "../api/types";

/** Where an account of this role has its own page; everybody else's is the console. */
export function homeOf(role: Session["role"]): "/" | "/station/" | "/family/" {
  if (role === "station") return "/station/";
  return role === "relative" ? "/family/" : "/";
}
