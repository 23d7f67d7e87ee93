/** Joins the live client to the store: frames in, link state in, the server's clock anchored. */
import type { Incident, LiveFrame } from "../../src/api/types";
import { missingFrom, withBeginning, withIncident, withIncidents } from "../../src/family/board";
import { browserEnvironment } from "../../src/live/environment";
import { withLink } from "../../src/live/linkFacts";
import { LiveClient, type LinkState } from "../../src/live/liveClient";
import { shownToFamily } from "../../src/live/shown";
import { askAboutSession, retryWhenBack } from "../../src/live/watch";
import { hindranceOf } from "../../src/session/hindrance";
import { whoIs } from "../../src/session/state";
import { serverClock, tick } from "../../src/time/useNow";
import { askWhoIsIn, session } from "../session/session";
import { type FamilyState, onBoard, useFamily } from "../state/store";
import { askForAll, clearUp, keepPerson, renewPlaces } from "./whom";

/** Whether the page of the family stands there, and nothing before it. */
function showsPeople({ session }: FamilyState): boolean {
  const me = whoIs(session);
  return me !== null && hindranceOf(me, "relative") === null;
}

function tellShown(incidents: Iterable<Incident>): void {
  const inSight = document.visibilityState === "visible" && showsPeople(useFamily.getState());
  for (const shown of shownToFamily(incidents, inSight)) liveLink.say(shown);
}

const tellAllShown = (): void => tellShown(Object.values(useFamily.getState().board.incidents));

function takeSnapshot(frame: Extract<LiveFrame, { type: "snapshot" }>): void {
  const isBeginning = !useFamily.getState().board.begun;
  const missing = missingFrom(useFamily.getState().board, frame.incidents);
  onBoard((board) => (isBeginning ? withBeginning(board, frame.incidents) : withIncidents(board, frame.incidents)));
  frame.incidents.forEach(keepPerson);
  useFamily.setState({ positions: Object.fromEntries(frame.positions.map((position) => [position.handset, position])) });
  renewPlaces();
  void clearUp(missing);
  void askForAll(isBeginning);
  // It comes unasked when what this account may see has changed: its grants, or a lock of its screen.
  void askWhoIsIn();
}

function take(frame: LiveFrame): void {
  switch (frame.type) {
    case "snapshot":
      serverClock.anchor(frame.health.now);
      takeSnapshot(frame);
      tellShown(frame.incidents);
      break;
    case "incident":
      onBoard((board) => withIncident(board, frame.incident));
      keepPerson(frame.incident);
      tellShown([frame.incident]);
      break;
    case "position":
      useFamily.setState(({ positions }) => ({ positions: { ...positions, [frame.position.handset]: frame.position } }));
      break;
    case "health":
      serverClock.anchor(frame.health.now);
      break;
  }
  tick();
}

function follow(link: LinkState): void {
  useFamily.setState((state) => withLink(state, link, performance.now()));
  askAboutSession(link, useFamily.getState().session, session);
  // Once no grant runs the link itself is refused, which looks like any loss.
  if (link.kind === "down" && useFamily.getState().session.kind === "in") void askForAll(false);
}

export const liveLink: LiveClient = new LiveClient(browserEnvironment(), { frame: take, link: follow });

export function startLink(): void {
  retryWhenBack(liveLink);
  document.addEventListener("visibilitychange", tellAllShown);
  useFamily.subscribe((state, before) => {
    if (showsPeople(state) && !showsPeople(before)) tellAllShown();
  });
}
