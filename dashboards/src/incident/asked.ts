/** What a handset was asked: how far it has come by now, and how the list of it reads. Pure. */
import type { Asked, AskedList, NewCommand } from "../api/types";

export const KINDS = ["locate", "ring", "say", "call", "interval"] as const;
export type Kind = (typeof KINDS)[number];

export type Stage = "queued" | "sent" | "answered" | "refused" | "unheard" | "unanswered";

/** A question expires by the clock, whether or not the server was asked again; what it never reached stays apart from what it did. */
export function stageOf({ state, ok, sent_at, expires_at }: Asked, nowMs: number): Stage {
  if (state === "answered") return ok === false ? "refused" : "answered";
  if (state !== "expired" && Date.parse(expires_at) > nowMs) return state === "sent" ? "sent" : "queued";
  return sent_at == null ? "unheard" : "unanswered";
}

/** Something may still come of it. */
export const isUnderWay = (asked: Asked, nowMs: number): boolean => ["queued", "sent"].includes(stageOf(asked, nowMs));

export const secondsLeft = ({ expires_at }: Asked, nowMs: number): number => Math.max(0, Math.ceil((Date.parse(expires_at) - nowMs) / 1_000));

export interface Row {
  asked: Asked;
  /** How many like it the platform asked before, which are not shown one by one. */
  before: number;
}

/** While somebody is in need the platform asks every half a minute: of those the newest is shown, and how many there were. */
export function rowsOf({ items, located }: Pick<AskedList, "items" | "located">): Row[] {
  const isRoutine = ({ by, kind }: Asked) => by == null && kind === "locate";
  const newest = items.find(isRoutine);
  const before = Math.max(0, (located?.count ?? 0) - 1);
  return items.filter((asked) => !isRoutine(asked) || asked === newest).map((asked) => ({ asked, before: asked === newest ? before : 0 }));
}

/** How often a handset is asked to tell where it is, in seconds. */
export const INTERVALS = ["10", "30", "60", "300", "1800"] as const;
export type Interval = (typeof INTERVALS)[number];

export interface Wish {
  say: string;
  number: string;
  interval: Interval;
}

export const noWish: Wish = { say: "", number: "", interval: "30" };

/** Null while something is missing. */
export function commandOf(kind: Kind, { say, number, interval }: Wish): NewCommand | null {
  switch (kind) {
    case "say": return say.trim() === "" ? null : { kind, say: say.trim() };
    case "call": return /\d{3}/.test(number) ? { kind, number: number.replace(/[^+\d]/g, "") } : null;
    case "interval": return { kind, interval_s: Number(interval) };
    case "locate":
    case "ring": return { kind };
  }
}
