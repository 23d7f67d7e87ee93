/**
 * What a station's screen knows of its tasks. Pure: every function gives the board after it.
 *
 * Nothing counts as done before the server said so. A word that was sent and is not confirmed stays on the board, and
 * what the server tells of its task afterwards, by whichever way, settles it.
 */
import type { Severity, Task, TaskWord } from "../api/types";
import { type StageTimes, type StationAct, isLive, isStep, looksLike } from "./stages";

export interface SentAct {
  act: StationAct;
  /** The version it was decided on. */
  version: number;
  body: TaskWord;
  key: string;
  /** On its way; no answer, so nobody knows; the server says no; the task had moved before. */
  kind: "asking" | "unreached" | "refused" | "moved";
  detail: string;
}

/** A task that ended while it was on the screen; shown until it is tapped away. */
export interface Notice {
  task: Task;
  /** Whose visit it was, as was on the screen. */
  name: string | null;
  /** Ended by a word from this screen. */
  own: boolean;
  /** The server no longer tells of it at all. */
  gone: boolean;
}

export interface Board {
  tasks: Readonly<Record<string, Task>>;
  ended: Readonly<Record<string, Task>>;
  notices: readonly Notice[];
  acts: Readonly<Record<string, SentAct>>;
  reached: Readonly<Record<string, StageTimes>>;
  /** The version that a step from this screen has led to: what may be taken back. */
  stepped: Readonly<Record<string, number>>;
}

export const emptyBoard: Board = { tasks: {}, ended: {}, notices: [], acts: {}, reached: {}, stepped: {} };

const without = <Value>(record: Readonly<Record<string, Value>>, id: string): Record<string, Value> => {
  const { [id]: _gone, ...rest } = record;
  return rest;
};

/** Whether what is now known says that the word was taken. */
const confirms = (task: Task, sent: SentAct): boolean => task.version > sent.version && looksLike(sent.act, task);

function settledActs(board: Board, task: Task): Board["acts"] {
  const sent = board.acts[task.id];
  if (!sent || task.version <= sent.version) return board.acts;
  if (confirms(task, sent) || !isLive(task)) return without(board.acts, task.id);
  return sent.kind === "unreached" ? { ...board.acts, [task.id]: { ...sent, kind: "moved" } } : board.acts;
}

export function withTask(board: Board, task: Task): Board {
  const known = board.tasks[task.id] ?? board.ended[task.id];
  if (known && known.version > task.version) return board;
  const reached = { ...board.reached, [task.id]: { ...board.reached[task.id], [task.state]: task.since } };
  const acts = settledActs(board, task);
  const sent = board.acts[task.id];
  const isOwnStep = sent !== undefined && isStep(sent.act) && confirms(task, sent);
  const stepped = isOwnStep ? { ...board.stepped, [task.id]: task.version } : board.stepped;
  if (isLive(task)) return returned({ ...board, reached, acts, stepped, tasks: { ...board.tasks, [task.id]: task } }, task.id);
  const shown = board.tasks[task.id];
  const notice: Notice = { task, name: shown?.resident?.name ?? null, own: sent !== undefined && confirms(task, sent), gone: false };
  return {
    tasks: without(board.tasks, task.id), ended: { ...board.ended, [task.id]: task }, reached, acts, stepped,
    notices: shown ? [notice, ...board.notices] : board.notices,
  };
}

/** An end that was taken back is none. */
const returned = (board: Board, id: string): Board =>
  board.ended[id] ? { ...board, ended: without(board.ended, id), notices: board.notices.filter(({ task }) => task.id !== id) } : board;

export const withTasks = (board: Board, tasks: readonly Task[]): Board => tasks.reduce(withTask, board);

/** Tasks on the screen of which a complete list of live ones says nothing: they have ended, and how must be asked for. */
export const missingFrom = (board: Board, live: readonly Task[]): string[] =>
  Object.keys(board.tasks).filter((id) => !live.some((task) => task.id === id));

/** A list of all tasks does not have it: it is taken off the screen, and that is said. */
export function withGone(board: Board, ids: readonly string[]): Board {
  return ids.reduce((before, id) => {
    const task = before.tasks[id];
    if (!task) return before;
    const notice: Notice = { task, name: task.resident?.name ?? null, own: false, gone: true };
    return { ...before, tasks: without(before.tasks, id), acts: without(before.acts, id), notices: [notice, ...before.notices] };
  }, board);
}

export const withSent = (board: Board, id: string, sent: SentAct): Board => ({ ...board, acts: { ...board.acts, [id]: sent } });

/** The answer to a word, unless the board has learnt better in the meantime. */
export function withAnswer(board: Board, id: string, key: string, kind: SentAct["kind"], detail = ""): Board {
  const sent = board.acts[id];
  return sent?.key === key ? { ...board, acts: { ...board.acts, [id]: { ...sent, kind, detail } } } : board;
}

export const withoutAct = (board: Board, id: string): Board => ({ ...board, acts: without(board.acts, id) });

export const withoutNotice = (board: Board, id: string): Board => ({ ...board, notices: board.notices.filter((notice) => notice.task.id !== id) });

/** Whose visit it was needs nobody who does not look: that it ended, and how, goes on being said. */
export const withoutNames = (board: Board): Board => ({
  ...board, notices: board.notices.map((notice) => ({ ...notice, name: null, task: { ...notice.task, resident: null, position: null } })),
});

/** Nobody is logged in any more: what rings goes on ringing, about nobody. It is told anew after the next log-in. */
export const withoutPeople = (board: Board): Board => ({
  ...withoutNames(board), ended: {},
  tasks: Object.fromEntries(Object.entries(board.tasks).map(([id, task]) => [id, { ...task, resident: null, position: null, note: "", words: "" }])),
});

/** Whether the screen still names somebody though no visit is to be made. */
export const namesInVain = (board: Board): boolean => Object.keys(board.tasks).length === 0 && board.notices.some(({ name }) => name !== null);

const RANK: Record<Severity, number> = { life: 0, urgent: 1, notice: 2, technical: 3 };

const gravest = (tasks: readonly Task[]): Severity | null =>
  tasks.map((task) => task.severity).sort((left, right) => RANK[left] - RANK[right])[0] ?? null;

const isOverdue = (task: Task): boolean => task.state !== "offered" && task.overdue > 0;

/** How to ring until somebody answers: as grave as the gravest task that nobody has answered. A word on its way is no answer. */
export const ringing = (board: Board): Severity | null => gravest(Object.values(board.tasks).filter((task) => task.state === "offered"));

/** The gravest task that somebody has and of which nothing was heard in time. */
export const overdue = (board: Board): Severity | null => gravest(Object.values(board.tasks).filter(isOverdue));

/** How many visits' people have not said in time how it goes. */
export const countOverdue = (board: Board): number => Object.values(board.tasks).filter(isOverdue).length;

/** How many words from this screen nobody has taken: not confirmed, refused, or too late. One on its way is not among them. */
export const countUntaken = (board: Board): number => Object.values(board.acts).filter(({ kind }) => kind !== "asking").length;

/** Whether one of these was asked after once more: that rings once, for whoever drives or kneels beside somebody cannot answer at once. */
export const wasReminded = (board: Board, before: Board): boolean =>
  Object.values(board.tasks).some((task) => isOverdue(task) && task.overdue > (before.tasks[task.id]?.overdue ?? 0));
