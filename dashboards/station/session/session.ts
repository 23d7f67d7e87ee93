/** Logging in and out at a station, and what happens when the server ends the session. */
import { whenLocked } from "../../src/api/client";
import { hindranceOf } from "../../src/session/hindrance";
import { createSession, listenForEnd, logOutTo } from "../../src/session/session";
import { liveLink } from "../live/link";
import { startBell } from "../shift/bell";
import { uncover } from "../shift/cover";
import { forgetPeople, useStation } from "../state/store";

export const session = createSession({
  read: () => useStation.getState().session,
  keep: (state) => useStation.setState({ session: state }),
  entered(me) {
    if (hindranceOf(me, "station") === null) liveLink.start();
    else liveLink.stop();
  },
  loggedIn(me) {
    uncover();
    if (hindranceOf(me, "station") === null) void startBell();
  },
  left() {
    liveLink.stop();
    forgetPeople();
  },
});

export const { askWhoIsIn } = session;

export const logOut = (): Promise<boolean> => logOutTo("/station/");

export function startSession(): void {
  listenForEnd(session);
  whenLocked(session.markLocked);
  void askWhoIsIn();
}
