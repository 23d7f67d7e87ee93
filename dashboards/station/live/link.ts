/** Joins the live client to the store: frames in, link state in, the server's clock anchored. */
import { readTasks } from "../../src/api/tasks";
import type { LiveFrame, Task, TaskFrame } from "../../src/api/types";
import { browserEnvironment } from "../../src/live/environment";
import { LiveClient, type LinkState, STATION_FRAME_TYPES } from "../../src/live/liveClient";
import { withLink } from "../../src/live/linkFacts";
import { shownTasks } from "../../src/live/shown";
import { askAboutSession, retryWhenBack } from "../../src/live/watch";
import { hindranceOf } from "../../src/session/hindrance";
import { whoIs } from "../../src/session/state";
import { missingFrom } from "../../src/task/board";
import { isLive } from "../../src/task/stages";
import { serverClock, tick } from "../../src/time/useNow";
import { askWhoIsIn, session } from "../session/session";
import { keepTasks, type StationState, takeOff, useStation } from "../state/store";

type Frame = LiveFrame | TaskFrame;

/** Of these a snapshot said nothing: how they ended is still to be asked. */
const doubtful = new Set<string>();
let asking = false;

/** Whether the list of visits stands there, and nothing before it. */
function showsVisits({ session, covered, tab }: StationState): boolean {
  const me = whoIs(session);
  return me !== null && hindranceOf(me, "station") === null && !covered && tab === "live";
}

function tellShown(tasks: Iterable<Task>): void {
  const inSight = document.visibilityState === "visible" && showsVisits(useStation.getState());
  for (const shown of shownTasks(tasks, inSight)) liveLink.say(shown);
}

const tellAllShown = (): void => tellShown(Object.values(useStation.getState().board.tasks));

async function clearUp(): Promise<void> {
  if (asking || doubtful.size === 0) return;
  asking = true;
  const ids = [...doubtful];
  try {
    const all = await readTasks("all");
    keepTasks(all);
    const stillLive = new Set(all.map((task) => task.id));
    takeOff(ids.filter((id) => !stillLive.has(id)));
    for (const id of ids) doubtful.delete(id);
  } catch {
    // Asked again with the next heartbeat: nothing is taken off the screen on a guess.
  } finally {
    asking = false;
  }
}

function takeSnapshot(frame: Extract<Frame, { type: "snapshot" }>): void {
  keepTasks(frame.tasks);
  useStation.setState({ incidents: Object.fromEntries(frame.incidents.map((incident) => [incident.id, incident])), health: frame.health });
  for (const id of missingFrom(useStation.getState().board, frame.tasks as Task[])) doubtful.add(id);
  // It comes unasked when what this account may see has changed: its rights, or a lock of its screen.
  void askWhoIsIn();
}

/** Once its task has ended, the case is not this station's business any more. */
const forget = (incident: string): void =>
  useStation.setState(({ incidents }) => ({ incidents: Object.fromEntries(Object.entries(incidents).filter(([id]) => id !== incident)) }));

function take(frame: Frame): void {
  switch (frame.type) {
    case "snapshot":
      serverClock.anchor(frame.health.now);
      takeSnapshot(frame);
      tellShown(frame.tasks);
      break;
    case "task":
      keepTasks([frame.task]);
      tellShown([frame.task]);
      if (!isLive(frame.task)) forget(frame.task.incident_id);
      break;
    case "incident":
      useStation.setState(({ incidents }) => ({ incidents: { ...incidents, [frame.incident.id]: frame.incident } }));
      break;
    case "health":
      serverClock.anchor(frame.health.now);
      useStation.setState({ health: frame.health });
      break;
    case "position":
      break;
  }
  void clearUp();
  tick();
}

function follow(link: LinkState): void {
  useStation.setState((state) => withLink(state, link, performance.now()));
  // What moved in the meantime is told by a snapshot: tasks that ended are not resumed.
  if (link.kind === "down" || link.kind === "session_ended") liveLink.renew();
  askAboutSession(link, useStation.getState().session, session);
}

export const liveLink: LiveClient<Frame> = new LiveClient<Frame>(browserEnvironment(), { frame: take, link: follow }, STATION_FRAME_TYPES);

export function startLink(): void {
  retryWhenBack(liveLink);
  document.addEventListener("visibilitychange", tellAllShown);
  // The cover was taken away, or whoever looked at what has ended came back.
  useStation.subscribe((state, before) => {
    if (showsVisits(state) && !showsVisits(before)) tellAllShown();
  });
}
