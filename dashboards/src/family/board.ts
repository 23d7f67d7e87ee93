/** What a relative's page knows of the incidents it may see. Pure: every function gives the board after it. */
import type { Incident, Severity, Signal } from "../api/types";
import { veiled } from "../incident/veil";

export interface Board {
  incidents: Readonly<Record<string, Incident>>;
  /** What a person has been told of already: by the page as it opened, or by their own touch. */
  seen: ReadonlySet<string>;
  /** The beginning has been told. */
  begun: boolean;
}

export const emptyBoard: Board = { incidents: {}, seen: new Set(), begun: false };

/** How long an incident that has ended stays on the page: a day in which a family asks what it was. */
export const SHOWN_AFTER_END_MS = 24 * 3_600_000;

export const isOpen = (incident: Incident): boolean => incident.state !== "closed";

/** Each press and each fall is a call of its own. */
const calls = ({ kind, cancel }: Signal): boolean => !cancel && (kind === "press" || kind === "fall" || kind === "call");

export const callKey = (incident: Incident): string => `${incident.id}|${incident.signals.filter(calls).length}`;

/** An answer over HTTP and a frame may cross; the higher version is the later truth. */
export function withIncident(board: Board, incident: Incident): Board {
  const known = board.incidents[incident.id];
  if (known && known.version > incident.version) return board;
  // Its place is taken by the same press once that is on disk.
  if (incident.unsaved && !isOpen(incident)) return withoutIncidents(board, [incident.id]);
  return { ...board, incidents: { ...board.incidents, [incident.id]: incident } };
}

export const withIncidents = (board: Board, incidents: readonly Incident[]): Board => incidents.reduce(withIncident, board);

/** What is open on the page and was not told of any more: it ended, or is not to be seen. Only asking can tell. */
export const missingFrom = (board: Board, open: readonly Incident[]): string[] =>
  Object.values(board.incidents).filter((known) => isOpen(known) && !open.some(({ id }) => id === known.id)).map(({ id }) => id);

export function withoutIncidents(board: Board, ids: readonly string[]): Board {
  return { ...board, incidents: Object.fromEntries(Object.entries(board.incidents).filter(([id]) => !ids.includes(id))) };
}

/** All that may be seen was asked for: what has ended and is not among it is not to be seen any more. */
export function withoutUnseen(board: Board, all: readonly Incident[]): Board {
  const unseen = Object.values(board.incidents).filter((known) => !isOpen(known) && !all.some(({ id }) => id === known.id));
  return unseen.length === 0 ? board : withoutIncidents(board, unseen.map(({ id }) => id));
}

/** Nobody is logged in any more: what calls goes on calling, about nobody. It is told anew after the next log-in. */
export const withoutPeople = (board: Board): Board => ({
  ...board, incidents: Object.fromEntries(Object.values(board.incidents).filter(isOpen).map((incident) => [incident.id, veiled(incident)])),
});

/** What stands there as the page opens is seen as it is; what comes later must be heard. */
export function withBeginning(board: Board, incidents: readonly Incident[]): Board {
  const after = withIncidents(board, incidents);
  return board.begun ? after : { ...after, begun: true, seen: new Set([...board.seen, ...incidents.map(callKey)]) };
}

export const withSeen = (board: Board): Board => ({ ...board, seen: new Set([...board.seen, ...Object.values(board.incidents).map(callKey)]) });

const RANK: Record<Severity, number> = { life: 0, urgent: 1, notice: 2, technical: 3 };

/** What calls and was not answered by a touch, the gravest first. A battery that is low wakes nobody's daughter. */
export function calling(board: Board): Incident[] {
  const waiting = Object.values(board.incidents).filter((incident) => isOpen(incident) && incident.severity !== "technical" && !board.seen.has(callKey(incident)));
  return waiting.sort((left, right) => RANK[left.severity] - RANK[right.severity]);
}

/** About one person: the open ones first, the gravest on top; then those that ended within a day, the latest first. */
export function shownOf(board: Board, resident: string, nowMs: number): Incident[] {
  const theirs = Object.values(board.incidents).filter((incident) => incident.resident?.id === resident);
  const open = theirs.filter(isOpen).sort((left, right) => RANK[left.severity] - RANK[right.severity] || Date.parse(left.opened_at) - Date.parse(right.opened_at));
  const ended = theirs.filter((incident) => incident.closed != null && nowMs - Date.parse(incident.closed.at) < SHOWN_AFTER_END_MS);
  return [...open, ...ended.sort((left, right) => Date.parse(right.closed?.at ?? "") - Date.parse(left.closed?.at ?? ""))];
}
