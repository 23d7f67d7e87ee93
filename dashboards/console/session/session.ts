/** Logging in and out, and what happens when the server ends the session. */
import { api, whenSessionEnds } from "../../src/api/client";
import type { Session } from "../../src/api/types";
import { liveLink } from "../live/link";
import { useDesk } from "../state/deskStore";

export type LogInResult =
  | { kind: "in" }
  | { kind: "bad_credentials" }
  | { kind: "throttled"; retry_after_s: number }
  | { kind: "refused"; detail: string }
  | { kind: "unreached" };

/** Sized for a server that gave no figure. */
const DEFAULT_RETRY_AFTER_S = 30;

function enter(me: Session): void {
  const before = useDesk.getState().session;
  if (before.kind === "ended" && before.me.username !== me.username) {
    // Another person's half-written words are not for these eyes.
    window.location.reload();
    return;
  }
  useDesk.setState({ session: { kind: "in", me } });
  // An auditor sees nothing of what happens now.
  if (me.role !== "auditor") liveLink.start();
}

export function sessionEnded(): void {
  useDesk.setState(({ session }) =>
    session.kind === "in" ? { session: { kind: "ended", me: session.me } } : session.kind === "ended" ? {} : { session: { kind: "nobody" } },
  );
}

export async function askWhoIsIn(): Promise<void> {
  try {
    const { data, response } = await api.GET("/api/me");
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

export async function logIn(username: string, password: string): Promise<LogInResult> {
  try {
    const { data, error, response } = await api.POST("/api/session", { body: { username, password } });
    if (data) {
      enter(data);
      return { kind: "in" };
    }
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

export function startSession(): void {
  whenSessionEnds(sessionEnded);
  void askWhoIsIn();
}
