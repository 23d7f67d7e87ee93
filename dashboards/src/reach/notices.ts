/** What became of what people were told outside the screens. Pure. */
import type { Notice } from "../api/types";

const RANK: Record<string, number> = { failed: 0, waiting: 1, sent: 2, ended: 3 };

/** What went wrong first, then as it was due. */
export const inNoticeOrder = (notices: readonly Notice[]): Notice[] =>
  [...notices].sort((left, right) => (RANK[left.state] ?? 0) - (RANK[right.state] ?? 0) || (left.due_at ?? "").localeCompare(right.due_at ?? ""));

export interface Sum {
  all: number;
  sent: number;
  failed: number;
}

/** Those that ended because nobody needed them any more are neither sent nor failed. */
export const sumOf = (notices: readonly Notice[]): Sum => ({
  all: notices.length,
  sent: notices.filter(({ state }) => state === "sent").length,
  failed: notices.filter((notice) => notice.state === "failed" || (notice.state === "ended" && endedFor(notice).kind === "given_up")).length,
});

/** Something may still come of it. */
export const isUnsettled = ({ state }: Notice): boolean => state === "waiting" || state === "failed";

export type End = { kind: "over" } | { kind: "held"; by: string } | { kind: "given_up" };

/** Why it is not sent any more, in the server's words: the need has gone, or it cannot be sent. */
export function endedFor({ why }: Pick<Notice, "why">): End {
  if (why === "the incident is over") return { kind: "over" };
  const by = /^(\S+) has the incident$/.exec(why ?? "")?.[1];
  return by === undefined ? { kind: "given_up" } : { kind: "held", by };
}
