/** What became of what people were told, on screens and outside them. Pure. */
import type { Notice } from "../api/types";

const RANK: Record<string, number> = { failed: 0, waiting: 1, sent: 2, delivered: 3, seen: 4, acknowledged: 5, ended: 6 };

/** What went wrong first, then as it was due. */
export const inNoticeOrder = (notices: readonly Notice[]): Notice[] =>
  [...notices].sort((left, right) => (RANK[left.state] ?? 0) - (RANK[right.state] ?? 0) || (left.due_at ?? "").localeCompare(right.due_at ?? ""));

export interface Sum {
  all: number;
  sent: number;
  /** Of those, the ones a provider reports to be on the telephone, or read, and those that were answered. */
  arrived: number;
  /** Of those, the ones that were answered. */
  answered: number;
  failed: number;
}

const hasArrived = ({ state }: Notice): boolean => state === "delivered" || state === "seen" || state === "acknowledged";

/** Nobody was reached by it, though somebody needed it. */
const isLost = (notice: Notice): boolean => notice.state === "failed" || (notice.state === "ended" && ["given_up", "too_old"].includes(endedFor(notice).kind));

/** Those that ended because nobody needed them any more are neither sent nor failed. */
export const sumOf = (notices: readonly Notice[]): Sum => ({
  all: notices.length,
  sent: notices.filter((notice) => notice.state === "sent" || hasArrived(notice)).length,
  arrived: notices.filter(hasArrived).length,
  answered: notices.filter(({ state }) => state === "acknowledged").length,
  failed: notices.filter(isLost).length,
});

/** The way to the screens of an account: not a provider says what became of it, but the page. */
export const isScreen = ({ channel }: Pick<Notice, "channel">): boolean => channel === "websocket";

/** In which words a stage is told: a page is no telephone, and the desk alone answers by taking it. */
export const wordsOf = (notice: Pick<Notice, "channel" | "recipient_kind">, stage: string): "notices" | "notices.screen" =>
  isScreen(notice) && (stage !== "acknowledged" || notice.recipient_kind === "desk") ? "notices.screen" : "notices";

/** How it stands, so that a word can be said: a provider took one that failed later, and it is not always tried again. */
export function standingOf(notice: Notice): string {
  const { state, sent_at: sent, next_at: next } = notice;
  return state === "failed" && sent != null ? (next == null ? "undelivered" : "undelivered_again") : state;
}

/** How far it came and when, the first first. */
export function stagesOf(notice: Notice): { stage: "sent" | "delivered" | "seen" | "acknowledged"; at: string }[] {
  const { sent_at: sent, delivered_at: delivered, seen_at: seen, acknowledged_at: acknowledged } = notice;
  const stages = [{ stage: "sent" as const, at: sent }, { stage: "delivered" as const, at: delivered }, { stage: "seen" as const, at: seen }, { stage: "acknowledged" as const, at: acknowledged }];
  return stages.flatMap(({ stage, at }) => (at == null ? [] : [{ stage, at }]));
}

/** Something may still come of it soon; a handset that is away may hear its word hours later. */
export const isUnsettled = ({ state, channel, next_at: next }: Pick<Notice, "state" | "channel" | "next_at">): boolean => (state === "waiting" && channel !== "handset") || (state === "failed" && next != null);

export type End = { kind: "over" } | { kind: "held"; by: string } | { kind: "task_settled" } | { kind: "withheld" } | { kind: "replaced" } | { kind: "too_old" } | { kind: "given_up" };

/** Why it is not sent any more, in the server's words: the need has gone, or it cannot be sent. */
export function endedFor({ why }: Pick<Notice, "why">): End {
  if (why === "the incident is over") return { kind: "over" };
  if (why === "a newer word took its place") return { kind: "replaced" };
  if (why === "it is too old to be heard") return { kind: "too_old" };
  if (why === "this relative may know of it no more") return { kind: "withheld" };
  if (why === "the station has said how it goes" || /^the task is \w+$/.test(why ?? "")) return { kind: "task_settled" };
  const by = /^(\S+) has the incident$/.exec(why ?? "")?.[1];
  return by === undefined ? { kind: "given_up" } : { kind: "held", by };
}
