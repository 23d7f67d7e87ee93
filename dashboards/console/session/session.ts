/** Logging in and out, and what happens when the server ends the session. */
import { api, whenSessionEnds } from "../../src/api/client";
import type { Session } from "../../src/api/types";
import { liveLink } from "../live/link";
import { useDesk } from "../state/deskStore";
import { leaveInvitation } from "../state/route";

export type LogInResult =
  | { kind: "in" }
  | { kind: "bad_credentials" | "code_required" | "bad_code" | "shut_out" }
  | { kind: "throttled"; retry_after_s: number }
  | { kind: "refused"; detail: string }
  | { kind: "unreached" };

/** Sized for a server that gave no figure. */
export const DEFAULT_RETRY_AFTER_S = 30;

function enter(me: Session): void {
  const before = useDesk.getState().session;
  if ((before.kind === "in" || before.kind === "ended") && before.me.username !== me.username) {
    // Another person's half-written words are not for these eyes.
    window.location.reload();
    return;
  }
  useDesk.setState({ session: { kind: "in", me } });
  if (me.must_change_password || me.must_add_second_factor) liveLink.stop();
  // An auditor sees nothing of what happens now.
  else if (me.role !== "auditor") liveLink.start();
}

/** A new account enters by its invitation. */
export function enterByInvitation(me: Session): void {
  const { session } = useDesk.getState();
  leaveInvitation();
  // Nothing of whoever sat here before stays for the newcomer.
  if (session.kind === "in" || session.kind === "ended") window.location.reload();
  else enter(me);
}

export function sessionEnded(): void {
  useDesk.setState(({ session }) =>
    session.kind === "in" ? { session: { kind: "ended", me: session.me } } : session.kind === "ended" ? {} : { session: { kind: "nobody" } },
  );
}

let asked = 0;

export async function askWhoIsIn(): Promise<void> {
  const turn = (asked += 1);
  try {
    const { data, response } = await api.GET("/api/me");
    // Answers may cross; the last question has the newest one.
    if (turn !== asked) return;
    if (data) enter(data);
    else if (response.status === 401) sessionEnded();
    else markUnreached();
  } catch {
    markUnreached();
  }
}

function markUnreached(): void {
  useDesk.setState(({ session }) => (session.kind === "asking" ? { session: { kind: "unreached" } } : {}));
}

/** The server said so: of this session, whoever locked it. */
export function markLocked(): void {
  asked += 1;
  useDesk.setState(({ session }) => (session.kind === "in" ? { session: { kind: "in", me: { ...session.me, locked: true } } } : {}));
}

export async function logIn(username: string, password: string, code: string | null): Promise<LogInResult> {
  try {
    const { data, error, response } = await api.POST("/api/session", { body: { username, password, ...(code ? { code } : {}) } });
    if (data) {
      enter(data);
      return { kind: "in" };
    }
    if (error.code === "code_required" || error.code === "bad_code" || error.code === "shut_out") return { kind: error.code };
    if (response.status === 401) return { kind: "bad_credentials" };
    if (response.status === 429) return { kind: "throttled", retry_after_s: error.retry_after_s ?? DEFAULT_RETRY_AFTER_S };
    return { kind: "refused", detail: error.detail ?? error.title };
  } catch {
    return { kind: "unreached" };
  }
}

export async function logOut(): Promise<void> {
  try {
    await api.DELETE("/api/session");
  } finally {
    // A fresh page holds nothing of the person who left.
    window.location.assign("/");
  }
}

/** Whoever comes with an invitation has no session yet. */
function askUnlessInvited(): void {
  const { joining, session } = useDesk.getState();
  if (joining === null && session.kind === "asking") void askWhoIsIn();
}

export function startSession(): void {
  whenSessionEnds(sessionEnded);
  window.addEventListener("hashchange", askUnlessInvited);
  askUnlessInvited();
}
