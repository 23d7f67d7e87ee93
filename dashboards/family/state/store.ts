/** What a relative's page knows: who is logged in, whom they may see, what has happened, and whether the server is still telling us anything. */
import { QueryClient } from "@tanstack/react-query";
import { create } from "zustand";
import type { LivePosition, Named } from "../../src/api/types";
import { about, type SentAnswer } from "../../src/family/answer";
import { type Board, emptyBoard, withoutPeople } from "../../src/family/board";
import { type LinkFacts, noLink } from "../../src/live/linkFacts";
import type { SessionState } from "../../src/session/state";
import type { Sound } from "../../src/sound/bell";

/** Asked for; there is a grant; none runs any more; not reached. */
export type Access = "asking" | "granted" | "ended" | "unreached";

export interface FamilyState extends LinkFacts {
  session: SessionState;
  access: Access;
  people: readonly Named[];
  board: Board;
  /** By handset: told while an incident is open. */
  positions: Readonly<Record<string, LivePosition>>;
  answers: readonly SentAnswer[];
  sound: Sound;
}

const nothing = { people: [], board: emptyBoard, positions: {}, answers: [] };

export const useFamily = create<FamilyState>(() => ({ session: { kind: "asking" }, access: "asking", sound: "off", ...noLink, ...nothing }));

export const onBoard = (change: (board: Board) => Board): void => useFamily.setState(({ board }) => ({ board: change(board) }));

export const answersAbout = (incident: string): SentAnswer[] => about(useFamily.getState().answers, incident);

/** What was asked of the server once. Nothing of it is kept for whoever comes next. */
export const queries = new QueryClient({ defaultOptions: { queries: { retry: 1, staleTime: 15_000 } } });

/** No grant runs: nothing of what was known stays on the page. */
export function forgetAll(): void {
  queries.clear();
  useFamily.setState({ access: "ended", ...nothing });
}

/** The session has ended: nothing of anybody stays on this telephone but what they said themselves, and what calls goes on ringing. */
export function forgetPeople(): void {
  queries.clear();
  useFamily.setState(({ board }) => ({ access: "asking", people: [], positions: {}, board: withoutPeople(board) }));
}
