/** What stands between somebody who logged in and the page of their role. Pure. */
import type { Session } from "../api/types";

/** A password, a code, a lock, or it is somebody else's page. */
export type Hindrance = "role" | "password" | "factor" | "locked";

export function hindranceOf(me: Pick<Session, "role" | "must_change_password" | "must_add_second_factor" | "locked">, role: Session["role"]): Hindrance | null {
  if (me.must_change_password) return "password";
  if (me.must_add_second_factor) return "factor";
  if (me.locked) return "locked";
  return me.role === role ? null : "role";
}
