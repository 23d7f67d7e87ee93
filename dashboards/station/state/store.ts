/** What this screen of a station knows: who is logged in, the tasks, and whether the server is still telling us anything. */
import { QueryClient } from "@tanstack/react-query";
import { create } from "zustand";
import type { Health, Incident, Task } from "../../src/api/types";
import { type LinkFacts, noLink } from "../../src/live/linkFacts";
import type { SessionState } from "../../src/session/state";
import type { Sound } from "../../src/sound/bell";
import { notSharing, type Sharing } from "../../src/task/sharing";
import { type Board, emptyBoard, withGone, withoutPeople, withTasks } from "../../src/task/board";

export interface StationState extends LinkFacts {
  session: SessionState;
  board: Board;
  incidents: Readonly<Record<string, Incident>>;
  health: Health | null;
  sharing: Sharing;
  sound: Sound;
  tab: "live" | "ended" | "account";
  /** Nobody has touched it for long: nobody is named. */
  covered: boolean;
}

export const useStation = create<StationState>(() => ({
  session: { kind: "asking" }, board: emptyBoard, incidents: {}, health: null, ...noLink, sharing: notSharing, sound: "off", tab: "live", covered: false,
}));

export const onBoard = (change: (board: Board) => Board): void => useStation.setState(({ board }) => ({ board: change(board) }));

export const keepTasks = (tasks: readonly Task[]): void => onBoard((board) => withTasks(board, tasks));

export const takeOff = (ids: readonly string[]): void => onBoard((board) => withGone(board, ids));

/** What was asked of the server once: cards of residents, forgotten as soon as their task has ended. */
export const queries = new QueryClient({ defaultOptions: { queries: { retry: 1, staleTime: 60_000, gcTime: 0 } } });

/** The session has ended: nothing of anybody stays on this telephone, and what waits for an answer goes on ringing. */
export function forgetPeople(): void {
  queries.clear();
  useStation.setState(({ board }) => ({ board: withoutPeople(board), incidents: {} }));
}
