/** Logging in and out at the console, and what happens when the server ends the session. */
import i18next from "i18next";
import { redeem } from "../../src/api/account";
import type { Session } from "../../src/api/types";
import { hasDesk, homeOf } from "../../src/session/home";
import { createSession, endOwnSession, listenForEnd, type LogIn } from "../../src/session/session";
import { whoIs } from "../../src/session/state";
import { refusalWords } from "../../src/account/refusal";
import { liveLink } from "../live/link";
import { forgetShift } from "../shift/shift";
import { useDesk } from "../state/deskStore";
import { leaveInvitation } from "../state/route";

export const session = createSession({
  read: () => useDesk.getState().session,
  keep: (state) => useDesk.setState({ session: state }),
  entered(me) {
    if (me.must_change_password || me.must_add_second_factor) liveLink.stop();
    // Those without a desk see nothing of what happens now; others are led to a page of their own.
    else if (hasDesk(me.role) || (me.locked && homeOf(me.role) !== "/")) liveLink.start();
  },
});

export const { askWhoIsIn, logIn, markLocked } = session;

/** A new account enters by its invitation. */
export function enterByInvitation(me: Session): void {
  const before = whoIs(useDesk.getState().session);
  leaveInvitation();
  // Nothing of whoever sat here before stays for the newcomer.
  if (before) window.location.reload();
  else session.enter(me);
}

/**
 * Logs in with the account somebody has, and uses the invitation for it. The page enters once both are done; if only
 * the log-in is, it is undone.
 */
export const logInAndRedeem = (code: string): LogIn => async (username, password, second) => {
  const came: { me: Session | null } = { me: null };
  const quiet = createSession({ read: () => ({ kind: "nobody" }), keep: () => undefined, entered: (me) => { came.me = me; } });
  const result = await quiet.logIn(username, password, second);
  if (result.kind !== "in" || came.me === null) return result;
  const answer = await redeem(code);
  if (answer.kind !== "done") {
    await endOwnSession();
    return { kind: "told", words: refusalWords(answer, (key, values) => i18next.t(key, { ...values })) };
  }
  enterByInvitation(came.me);
  return result;
};

/** A fresh page holds nothing of the person who left. */
export async function logOut(): Promise<void> {
  forgetShift();
  await endOwnSession();
  window.location.assign("/");
}

/** Whoever comes with an invitation has no session yet. */
function askUnlessInvited(): void {
  const { joining, session: state } = useDesk.getState();
  if (joining === null && state.kind === "asking") void askWhoIsIn();
}

export function startSession(): void {
  listenForEnd(session);
  window.addEventListener("hashchange", askUnlessInvited);
  askUnlessInvited();
}
