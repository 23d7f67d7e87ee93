/** How a task goes on: its order among others, its stages, and what may be said about it next. Pure. */
import type { IncidentEvent, OnScene, Task, TaskAct, TaskState } from "../api/types";

/** The stages of a task that is done, in order. Every other end leaves this way. */
export const STAGES = ["offered", "acknowledged", "en_route", "on_scene", "finished"] as const satisfies readonly TaskState[];
export type Stage = (typeof STAGES)[number];

/** What a station says; taking a task back is the desk's. */
export type StationAct = Exclude<TaskAct, "withdraw">;

/** What is said in one touch from the way or from the door; the task stays where it is. The last one calls nobody. */
const QUICK_WORDS = ["no-answer", "need-ambulance", "need-help", "still-at-it"] as const satisfies readonly StationAct[];
export type QuickWord = (typeof QUICK_WORDS)[number];

const TARGET: Record<Exclude<StationAct, QuickWord | "undo">, TaskState> = {
  acknowledge: "acknowledged", decline: "declined", "en-route": "en_route", "on-scene": "on_scene", finish: "finished", fail: "failed",
};
const SAID: Record<QuickWord, OnScene> = { "no-answer": "no_answer", "need-ambulance": "need_ambulance", "need-help": "need_help", "still-at-it": "still_at_it" };

const isQuick = (act: StationAct): act is QuickWord => act in SAID;

/** Whether this is how the task looks once the word was taken. How a step back looks, only the server knows. */
export function looksLike(act: StationAct, task: Pick<Task, "state" | "said" | "overdue">): boolean {
  if (act === "undo") return true;
  // A call that the desk has not heard stays where it stands.
  if (act === "still-at-it") return mayCallOut(task.state) && task.overdue === 0;
  return isQuick(act) ? task.said === SAID[act] : task.state === TARGET[act];
}

/** Moves the task on; what is called out from the door does not, nor does a step back. */
export const isStep = (act: StationAct): boolean => act !== "undo" && !isQuick(act);

export const mayCallOut = (state: TaskState): boolean => state === "en_route" || state === "on_scene";

/** What asks the desk for something. */
export type Call = Exclude<OnScene, "still_at_it">;

export const isCall = (said: OnScene): said is Call => said !== "still_at_it";

export const quickWords = (state: TaskState): readonly QuickWord[] => (mayCallOut(state) ? QUICK_WORDS : []);

/** A tap on the wrong button is taken back within this time; that a task was taken is not where others were told at once. */
const UNDO_WITHIN_S = 10;

/** Whole seconds in which the last step can still be taken back; 0: too late, or no such step. */
export function undoLeftSeconds(task: Pick<Task, "undoable" | "since">, nowMs: number): number {
  if (!task.undoable) return 0;
  return Math.max(0, Math.min(UNDO_WITHIN_S, Math.ceil((Date.parse(task.since) - nowMs) / 1000) + UNDO_WITHIN_S));
}

const ENDED: ReadonlySet<TaskState> = new Set(["declined", "finished", "failed", "withdrawn"]);
export const isLive = (task: Pick<Task, "state">): boolean => !ENDED.has(task.state);

/** The step forward, and the way out. Nothing else is offered, so that nothing else is pressed. */
export function nextActs(state: TaskState): { forward: StationAct; out: StationAct } | null {
  switch (state) {
    case "offered":
      return { forward: "acknowledge", out: "decline" };
    case "acknowledged":
      return { forward: "en-route", out: "fail" };
    case "en_route":
      return { forward: "on-scene", out: "fail" };
    case "on_scene":
      return { forward: "finish", out: "fail" };
    default:
      return null;
  }
}

/** These are not said without saying why, or with what result. */
export const needsWords = (act: StationAct): act is "decline" | "finish" | "fail" => act === "decline" || act === "finish" || act === "fail";

/** What waits for an answer first, then the newest; the id last, so that two of one instant never swap places. */
export function compareTasks(left: Task, right: Task): number {
  const waits = (task: Task) => (task.state === "offered" ? 0 : 1);
  return waits(left) - waits(right) || Date.parse(right.offered_at) - Date.parse(left.offered_at) || (left.id < right.id ? -1 : left.id > right.id ? 1 : 0);
}

export const inOrder = (tasks: Iterable<Task>): Task[] => [...tasks].filter(isLive).sort(compareTasks);

/** The last to end first. */
export const inOrderOfEnd = (tasks: Iterable<Task>): Task[] => [...tasks].sort((left, right) => Date.parse(right.since) - Date.parse(left.since));

export type StageTimes = Partial<Record<TaskState, string>>;

export interface Step {
  stage: Stage;
  at: string | null;
  is: "passed" | "now" | "skipped" | "ahead";
}

/**
 * The stages with their times as far as they are known. One without a time that lies behind was passed over, or nobody knows
 * when: who has arrived need not have said that they set out.
 */
export function steps(task: Pick<Task, "state" | "offered_at" | "since">, times: StageTimes): Step[] {
  const reached: StageTimes = { ...times, offered: task.offered_at, [task.state]: task.since };
  const last = STAGES.reduce((furthest, stage, place) => (reached[stage] === undefined ? furthest : place), 0);
  return STAGES.map((stage, place) => {
    const at = reached[stage] ?? null;
    const isBehind = at === null ? "skipped" : "passed";
    return { stage, at, is: place > last ? "ahead" : place === last && isLive(task) ? "now" : isBehind };
  });
}

/** What the incident's own account says about when a task came to its stages. */
export function timesOf(task: string, events: readonly IncidentEvent[]): StageTimes {
  const times: StageTimes = {};
  for (const { kind, at, task: moved, task_state } of events) {
    if (kind === "task_moved" && moved === task && task_state) times[task_state] = at;
  }
  return times;
}
