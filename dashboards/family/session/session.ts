/** Logging in and out at the family's page, and what happens when the server ends the session. */
import { whenLocked } from "../../src/api/client";
import { hindranceOf } from "../../src/session/hindrance";
import { createSession, listenForEnd, logOutTo } from "../../src/session/session";
import { startBell } from "../alarm/bell";
import { liveLink } from "../live/link";
import { forgetPeople, useFamily } from "../state/store";

export const session = createSession({
  read: () => useFamily.getState().session,
  keep: (state) => useFamily.setState({ session: state }),
  entered(me) {
    // Also of those of whom nothing has ever been heard.
    if (me.residents) useFamily.setState({ people: me.residents });
    if (hindranceOf(me, "relative") === null) liveLink.start();
    else liveLink.stop();
  },
  loggedIn(me) {
    if (hindranceOf(me, "relative") === null) void startBell();
  },
  left() {
    liveLink.stop();
    forgetPeople();
  },
});

export const { askWhoIsIn } = session;

export const logOut = (): Promise<boolean> => logOutTo("/family/");

export function startSession(): void {
  listenForEnd(session);
  whenLocked(session.markLocked);
  void askWhoIsIn();
}
