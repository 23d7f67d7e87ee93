/** Logging in and out, and what happens when the server ends the session: the same for every page. */
import { api, whenSessionEnds } from "../api/client";
import type { Session } from "../api/types";
import { afterEnd, type SessionState, whoIs } from "./state";

export type LogInResult =
  | { kind: "in" }
  | { kind: "bad_credentials" | "code_required" | "bad_code" | "shut_out" }
  | { kind: "throttled"; retry_after_s: number }
  | { kind: "refused"; detail: string }
  /** What came after the log-in was not done; in the words of the page. */
  | { kind: "told"; words: string }
  | { kind: "unreached" };

export type LogIn = (username: string, password: string, code: string | null) => Promise<LogInResult>;

/** Sized for a server that gave no figure. */
export const DEFAULT_RETRY_AFTER_S = 30;

/** The page that somebody logs in at. */
export interface SessionHost {
  read(): SessionState;
  keep(session: SessionState): void;
  /** Somebody is in, or something about them has changed. */
  entered(me: Session): void;
  /** Besides, when it was a click that logged in: the touch that a browser wants before it lets a page sound. */
  loggedIn?(me: Session): void;
  /** The session of whoever was in has ended, perhaps because this device is lost: nothing of anybody stays on it. */
  left?(): void;
}

export interface PageSession {
  enter(me: Session): void;
  ended(): void;
  askWhoIsIn(): Promise<void>;
  /** The server said so: of this session, whoever locked it. */
  markLocked(): void;
  logIn: LogIn;
}

export function createSession(host: SessionHost): PageSession {
  let asked = 0;
  const enter = (me: Session): void => {
    const before = whoIs(host.read());
    if (before && before.username !== me.username) {
      // What another person saw and half wrote is not for these eyes.
      window.location.reload();
      return;
    }
    host.keep({ kind: "in", me });
    host.entered(me);
  };
  const ended = (): void => {
    host.keep(afterEnd(host.read()));
    if (host.read().kind === "ended") host.left?.();
  };
  const markUnreached = (): void => {
    if (host.read().kind === "asking") host.keep({ kind: "unreached" });
  };
  return {
    enter,
    ended,
    async askWhoIsIn() {
      const turn = (asked += 1);
      try {
        const { data, response } = await api.GET("/api/me");
        // Answers may cross; the last question has the newest one.
        if (turn !== asked) return;
        if (data) enter(data);
        else if (response.status === 401) ended();
        else markUnreached();
      } catch {
        markUnreached();
      }
    },
    markLocked() {
      asked += 1;
      const session = host.read();
      if (session.kind === "in") enter({ ...session.me, locked: true });
    },
    async logIn(username, password, code) {
      try {
        const { data, error, response } = await api.POST("/api/session", { body: { username, password, ...(code ? { code } : {}) } });
        if (data) {
          enter(data);
          host.loggedIn?.(data);
          return { kind: "in" };
        }
        if (error.code === "code_required" || error.code === "bad_code" || error.code === "shut_out") return { kind: error.code };
        if (response.status === 401) return { kind: "bad_credentials" };
        if (response.status === 429) return { kind: "throttled", retry_after_s: error.retry_after_s ?? DEFAULT_RETRY_AFTER_S };
        return { kind: "refused", detail: error.detail ?? error.title };
      } catch {
        return { kind: "unreached" };
      }
    },
  };
}

/** False if the server was not reached: then this device is still logged in, and must not look as if it were not. */
export async function endOwnSession(): Promise<boolean> {
  try {
    const { response } = await api.DELETE("/api/session");
    return response.ok || response.status === 401;
  } catch {
    return false;
  }
}

/** Logs out and leaves for a fresh page, which holds nothing of the person who left. False if that could not be done. */
export async function logOutTo(page: string): Promise<boolean> {
  const isOut = await endOwnSession();
  if (isOut) window.location.assign(page);
  return isOut;
}

export function listenForEnd(session: PageSession): void {
  whenSessionEnds(session.ended);
}
