/** What the server has told us: open incidents, positions, who is under way, health, and whether it is still telling us anything. */
import { create } from "zustand";
import type { Health, Incident, IncidentTask, LiveFrame, LivePosition, Responder, ResponderFrame } from "../../src/api/types";
import { isVeiled, veiled } from "../../src/incident/veil";
import { type LinkFacts, noLink } from "../../src/live/linkFacts";

/** What was closed while this page stood. An opened one stays readable for whoever had a part in it; others are asked for a reason first. */
const CLOSED_KEPT = 100;

export interface LiveState extends LinkFacts {
  incidents: Readonly<Record<string, Incident>>;
  closed: Readonly<Record<string, Incident>>;
  positions: Readonly<Record<string, LivePosition>>;
  /** By their task. */
  responders: Readonly<Record<string, Responder>>;
  health: Health | null;
}

export const emptyLive: LiveState = {
  incidents: {}, closed: {}, positions: {}, responders: {}, health: null, ...noLink,
};

/** A closed one as it is told to everybody: without the name, the place and the words. */
export const isShort = ({ closed, resident }: Incident): boolean => closed != null && (resident == null || resident.name === "");

/**
 * What a page shows of an incident. Of a closed one the screen is told in short; who may open it is answered whole. Where that answer is
 * older than the frame it is shown until the next one comes, and what is done is done upon the version that there is now.
 */
export function wholeOf(live: Incident | undefined, told: Incident | null): Incident | null {
  if (live === undefined) return told;
  if (told === null || told.state !== live.state || !isShort(live)) return live;
  return told.version < live.version ? { ...told, version: live.version } : told;
}

/** An answer over HTTP and a frame may cross; the higher version is the later truth, and of one version the fuller one. */
function isNews(known: Incident | undefined, incident: Incident): boolean {
  if (known === undefined || incident.version > known.version) return true;
  return incident.version === known.version && (isShort(known) || !isShort(incident));
}

export function withIncident(state: LiveState, incident: Incident): Partial<LiveState> {
  if (!isNews(state.incidents[incident.id] ?? state.closed[incident.id], incident)) return {};
  if (incident.state !== "closed") {
    const { [incident.id]: reopened, ...others } = state.closed;
    return { incidents: { ...state.incidents, [incident.id]: incident }, ...(reopened ? { closed: others } : {}) };
  }
  const { [incident.id]: _gone, ...incidents } = state.incidents;
  const closed = Object.entries({ ...state.closed, [incident.id]: incident }).slice(-CLOSED_KEPT);
  return { incidents, closed: Object.fromEntries(closed) };
}

/** A task as an answer over HTTP tells it, until the incident's own frame comes. */
export function withTask(state: LiveState, incident: string, task: IncidentTask): Partial<LiveState> {
  const known = state.incidents[incident];
  if (!known) return {};
  const tasks = known.tasks.map((each) => (each.id === task.id && task.version >= each.version ? task : each));
  return { incidents: { ...state.incidents, [incident]: { ...known, tasks } } };
}

/** A later version of what we know, but for one that a locked screen was told: who it is about is worth more than its age. */
function isKept(known: Incident | undefined, incident: Incident): known is Incident {
  return known !== undefined && known.version > incident.version && (isVeiled(incident) || !isVeiled(known));
}

function withSnapshot(state: LiveState, frame: Extract<LiveFrame, { type: "snapshot" }>): Partial<LiveState> {
  const incidents: Record<string, Incident> = {};
  for (const incident of frame.incidents) {
    const known = state.incidents[incident.id];
    incidents[incident.id] = isKept(known, incident) ? known : incident;
  }
  const positions = Object.fromEntries(frame.positions.map((position) => [position.handset, position]));
  const responders = Object.fromEntries(frame.responders.map((responder) => [responder.task, responder]));
  return { incidents, positions, responders, health: frame.health };
}

/** Without a position it says that they are to be seen no more. */
function withResponder(state: LiveState, responder: Responder): Partial<LiveState> {
  const { [responder.task]: _before, ...others } = state.responders;
  return { responders: responder.position == null ? others : { ...others, [responder.task]: responder } };
}

export function withFrame(state: LiveState, frame: LiveFrame | ResponderFrame): Partial<LiveState> {
  switch (frame.type) {
    case "snapshot":
      return withSnapshot(state, frame);
    case "incident":
      return withIncident(state, frame.incident);
    case "health":
      return { health: frame.health };
    case "position":
      return { positions: { ...state.positions, [frame.position.handset]: frame.position } };
    case "responder":
      return withResponder(state, frame.responder);
  }
}

/** What stays when the screen is locked: how many wait and how grave they are. */
export function withVeil(state: LiveState): Partial<LiveState> {
  const incidents = Object.entries(state.incidents).map(([id, incident]) => [id, veiled(incident)] as const);
  return { incidents: Object.fromEntries(incidents), closed: {}, positions: {}, responders: {} };
}

export const useLive = create<LiveState>(() => emptyLive);

export const keepIncident = (incident: Incident): void =>
  useLive.setState((state) => withIncident(state, incident));

export const keepTask = (incident: string, task: IncidentTask): void => useLive.setState((state) => withTask(state, incident, task));
