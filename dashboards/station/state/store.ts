/** What this screen of a station knows: who is logged in, the tasks, and whether the server is still telling us anything. */
import { QueryClient } from "@tanstack/react-query";
import { create } from "zustand";
import type { Health, Incident, Session, Task } from "../../src/api/types";
import type { LinkState } from "../../src/live/liveClient";
import { type Board, emptyBoard, withGone, withTasks } from "../../src/task/board";

export type SessionState =
  | { kind: "asking" }
  | { kind: "unreached" }
  | { kind: "nobody" }
  | { kind: "in"; me: Session }
  /** The view stays where it is under the log-in page. */
  | { kind: "ended"; me: Session };

export type Sound = "off" | "running" | "suspended";

export interface StationState {
  session: SessionState;
  board: Board;
  incidents: Readonly<Record<string, Incident>>;
  health: Health | null;
  link: LinkState;
  wasUp: boolean;
  /** Monotonic milliseconds at which the link was lost. */
  lostAtMs: number | null;
  sound: Sound;
  tab: "live" | "ended";
}

export const useStation = create<StationState>(() => ({
  session: { kind: "asking" }, board: emptyBoard, incidents: {}, health: null, link: { kind: "stopped" }, wasUp: false, lostAtMs: null, sound: "off", tab: "live",
}));

export const onBoard = (change: (board: Board) => Board): void => useStation.setState(({ board }) => ({ board: change(board) }));

export const keepTasks = (tasks: readonly Task[]): void => onBoard((board) => withTasks(board, tasks));

export const takeOff = (ids: readonly string[]): void => onBoard((board) => withGone(board, ids));

/** What was asked of the server once: cards of residents, forgotten as soon as their task has ended. */
export const queries = new QueryClient({ defaultOptions: { queries: { retry: 1, staleTime: 60_000, gcTime: 0 } } });
