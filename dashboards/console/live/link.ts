/** Joins the live client to the stores: frames in, link state in, the server's clock anchored; and says what the page shows of it. */
import type { Incident, LiveFrame, ResponderFrame } from "../../src/api/types";
import { browserEnvironment } from "../../src/live/environment";
import { DESK_FRAME_TYPES, LiveClient, type LinkState } from "../../src/live/liveClient";
import { withLink } from "../../src/live/linkFacts";
import { dutyAgain, dutyAt, shownAt, type Duty } from "../../src/live/shown";
import { askAboutSession, retryWhenBack } from "../../src/live/watch";
import { serverClock, tick } from "../../src/time/useNow";
import { askWhoIsIn, session } from "../session/session";
import { thisDesk } from "../shift/alarm";
import { type DeskState, isLocked, isShown, useDesk } from "../state/deskStore";
import { useLive, withFrame } from "../state/liveStore";

/** Two hundred walking handsets would redraw the page two hundred times a second; once a second is enough for a map. */
const POSITIONS_EVERY_MS = 1_000;

type Frame = LiveFrame | ResponderFrame;
type PositionFrame = Extract<LiveFrame, { type: "position" }>;
const heldBack = new Map<string, PositionFrame>();
let flushTimer: number | undefined;

function flushPositions(): void {
  flushTimer = undefined;
  const frames = [...heldBack.values()];
  heldBack.clear();
  // Covered in the meantime.
  if (!isShown(useDesk.getState())) return;
  useLive.setState((state) => ({
    positions: { ...state.positions, ...Object.fromEntries(frames.map((frame) => [frame.position.handset, frame.position])) },
  }));
}

function tellShown(incidents: Iterable<Incident>): void {
  for (const shown of shownAt(thisDesk(), incidents, document.visibilityState)) liveLink.say(shown);
}

const tellAllShown = (): void => tellShown(Object.values(useLive.getState().incidents));

const dutyOf = (desk: DeskState): Duty => dutyAt(desk, isLocked(desk));

function take(frame: Frame): void {
  if (frame.type === "position") {
    heldBack.set(frame.position.handset, frame);
    flushTimer ??= window.setTimeout(flushPositions, POSITIONS_EVERY_MS);
    return;
  }
  if (frame.type === "snapshot") heldBack.clear();
  if (frame.type === "snapshot" || frame.type === "health") serverClock.anchor(frame.health.now);
  useLive.setState((state) => withFrame(state, frame));
  tick();
  for (const duty of dutyAgain(frame, dutyOf(useDesk.getState()))) liveLink.say(duty);
  if (frame.type === "incident") tellShown([frame.incident]);
  if (frame.type === "snapshot") tellShown(frame.incidents);
  // It comes unasked when what this account may see has changed: its rights, or a lock of its screen.
  if (frame.type === "snapshot") void askWhoIsIn();
}

function follow(link: LinkState): void {
  useLive.setState((state) => withLink(state, link, performance.now()));
  // A link that resumes is not told again what the page holds, and the server may not have heard that it does.
  if (link.kind === "up") {
    liveLink.say(dutyOf(useDesk.getState()));
    tellAllShown();
  }
  askAboutSession(link, useDesk.getState().session, session);
}

export const liveLink: LiveClient<Frame> = new LiveClient<Frame>(browserEnvironment(), { frame: take, link: follow }, DESK_FRAME_TYPES);

export function startLink(): void {
  retryWhenBack(liveLink);
  document.addEventListener("visibilitychange", tellAllShown);
  useDesk.subscribe((desk, before) => {
    const duty = dutyOf(desk);
    if (duty.on !== dutyOf(before).on) liveLink.say(duty);
  });
}
