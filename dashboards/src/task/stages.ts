/** How a task goes on: its order among others, its stages, and what may be said about it next. Pure. */
import type { IncidentEvent, Task, TaskAct, TaskState } from "../api/types";

/** The stages of a task that is done, in order. Every other end leaves this way. */
export const STAGES = ["offered", "acknowledged", "en_route", "on_scene", "finished"] as const satisfies readonly TaskState[];
export type Stage = (typeof STAGES)[number];

/** What a station says; taking a task back is the desk's. */
export type StationAct = Exclude<TaskAct, "withdraw">;

const TARGET: Record<StationAct, TaskState> = {
  acknowledge: "acknowledged", decline: "declined", "en-route": "en_route", "on-scene": "on_scene", finish: "finished", fail: "failed",
};
export const targetOf = (act: StationAct): TaskState => TARGET[act];

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
