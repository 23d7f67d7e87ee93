/** Logging in and out at a station, and what happens when the server ends the session. */
import { api, whenLocked, whenSessionEnds } from "../../src/api/client";
import type { Session } from "../../src/api/types";
import { hindranceOf } from "../../src/session/hindrance";
import { liveLink } from "../live/link";
import { startBell } from "../shift/bell";
import { useStation } from "../state/store";

export type LogInResult =
  | { kind: "in" }
  | { kind: "bad_credentials" | "code_required" | "bad_code" | "shut_out" }
  | { kind: "throttled"; retry_after_s: number }
  | { kind: "refused"; detail: string }
  | { kind: "unreached" };

/** Sized for a server that gave no figure. */
const DEFAULT_RETRY_AFTER_S = 30;

function enter(me: Session): void {
  const before = useStation.getState().session;
  if ((before.kind === "in" || before.kind === "ended") && before.me.username !== me.username) {
    // What another person was about is not for these eyes.
    window.location.reload();
    return;
  }
  useStation.setState({ session: { kind: "in", me } });
  if (hindranceOf(me) === null) liveLink.start();
  else liveLink.stop();
}

export function sessionEnded(): void {
  useStation.setState(({ session }) =>
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
  useStation.setState(({ session }) => (session.kind === "asking" ? { session: { kind: "unreached" } } : {}));
}

function markLocked(): void {
  const { session } = useStation.getState();
  if (session.kind === "in") enter({ ...session.me, locked: true });
}

export async function logIn(username: string, password: string, code: string | null): Promise<LogInResult> {
  try {
    const { data, error, response } = await api.POST("/api/session", { body: { username, password, ...(code ? { code } : {}) } });
    if (data) {
      enter(data);
      // The click that logged in is the first touch that a browser wants before it lets a page sound.
      if (hindranceOf(data) === null) void startBell();
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

/** False if the server was not reached: then this device is still logged in, and must not look as if it were not. */
export async function logOut(): Promise<boolean> {
  try {
    const { response } = await api.DELETE("/api/session");
    if (!response.ok && response.status !== 401) return false;
  } catch {
    return false;
  }
  // A fresh page holds nothing of the person who left.
  window.location.assign("/station/");
  return true;
}

export function startSession(): void {
  whenSessionEnds(sessionEnded);
  whenLocked(markLocked);
  void askWhoIsIn();
}
