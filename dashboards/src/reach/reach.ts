/**
 * Whether somebody is reached when nobody at a screen takes an incident: it needs a telephone or messages that passed a test, and
 * at every hour somebody on the roster who is reached so. A letter wakes nobody. Pure.
 */
import type { ChannelState, RosterItem } from "../api/types";
import { isOnCall, minuteOfWeek, minutesIn, type Span, uncovered } from "../roster/week";

/** After so long a test counts no more; the server's own figure, and it has the last word. */
const TEST_HOLDS_MS = 30 * 24 * 3_600_000;
const RINGS = new Set(["sms", "voice"]);

/** How a channel stands, the worst that is true of it. */
export type Standing = "counts" | "failed" | "old" | "untested" | "not_set_up";

export function standingOf({ set_up: isSetUp, counts, test }: ChannelState, nowMs: number): Standing {
  if (!isSetUp) return "not_set_up";
  if (counts) return "counts";
  if (!test) return "untested";
  if (!test.ok) return "failed";
  return nowMs - Date.parse(test.at) > TEST_HOLDS_MS ? "old" : "untested";
}

/** Until when the last test that was passed counts. */
export const countsUntil = ({ counts, test }: ChannelState): number | null => (counts && test ? Date.parse(test.at) + TEST_HOLDS_MS : null);

/** The channels that ring somebody and passed their test. */
export const countedIn = (channels: readonly ChannelState[]): string[] => channels.filter(({ channel, counts }) => counts && RINGS.has(channel)).map(({ channel }) => channel);

export interface Reach {
  /** There is a channel that counts. */
  rings: boolean;
  /** Nobody is on the roster. */
  empty: Span[];
  /** Somebody is, but by a channel that does not count. */
  uncounted: Span[];
  /** Whom a channel that counts reaches now. */
  now: RosterItem[];
  /** Who is on call now by another: it is tried, and nobody can count on it. */
  tried: RosterItem[];
  isSound: boolean;
}

export function reachOf(items: readonly RosterItem[], channels: readonly ChannelState[], nowMs: number): Reach {
  const counting = countedIn(channels);
  const counted = items.filter(({ channel }) => counting.includes(channel));
  const [empty, unreached] = [uncovered(items), uncovered(counted)];
  const minute = minuteOfWeek(nowMs);
  const rings = counting.length > 0;
  return {
    rings,
    empty,
    uncounted: without(unreached, empty),
    now: counted.filter((item) => isOnCall(item, minute)),
    tried: items.filter((item) => !counting.includes(item.channel) && isOnCall(item, minute)),
    isSound: rings && minutesIn(unreached) === 0,
  };
}

/** What of these stretches lies outside of those, which lie within them. */
function without(spans: readonly Span[], others: readonly Span[]): Span[] {
  return spans.flatMap(({ from, to }) => {
    const left: Span[] = [];
    let reached = from;
    for (const other of others) {
      if (other.to <= reached || other.from >= to) continue;
      if (other.from > reached) left.push({ from: reached, to: other.from });
      reached = Math.max(reached, other.to);
    }
    return reached < to ? [...left, { from: reached, to }] : left;
  });
}

const OWN = new Set(["handset", "screen"]);

/** A provider's gateway stands between, and has a number of its own for each message. */
export const hasProvider = (channel: string): boolean => !OWN.has(channel);

/** What a refusal of the way out was about, as far as it can be told from its words. */
export type Cause = "not_set_up" | "for_good" | "refused" | "status" | "silent" | "unreachable" | "unlike" | "away" | "no_screen" | "no_answer" | "other";

const CAUSES: readonly [RegExp, Cause][] = [
  [/is not set up|no way out is set up/, "not_set_up"],
  [/refused it for good/, "for_good"],
  [/answered \d{3} but refused/, "refused"],
  [/answered \d{3}/, "status"],
  [/gave no whole answer|did not take the letter within/, "silent"],
  [/could not be reached|no private connection|no address/, "unreachable"],
  [/handset is not connected/, "away"],
  [/no screen up/, "no_screen"],
  [/gave no answer|\d screens answered/, "no_answer"],
  [/cannot be used|no letter could be made|there is no receiver/, "unlike"],
];

export const causeOf = (why: string): { cause: Cause; status: string } => ({
  cause: CAUSES.find(([words]) => words.test(why))?.[1] ?? "other",
  status: /answered (\d{3})/.exec(why)?.[1] ?? "",
});
