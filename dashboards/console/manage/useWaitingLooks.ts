import { useQuery } from "@tanstack/react-query";
import { readLooks } from "../../src/api/manage";
import { useMe } from "../state/deskStore";
import { LOOKS } from "./keys";
import { mayReviewLooks } from "./rights";
import { ONLY_WHEN_ASKED } from "./usePages";

/** Each count stands in the audit log as a look at the list, so it is not asked for often. */
const ASKED_EVERY_MS = 30 * 60_000;

/** How many looks wait for a review by whoever sits here, in words that fit a button; nobody reviews their own. */
export function useWaitingLooks(): string | null {
  const me = useMe();
  const waiting = useQuery({
    ...ONLY_WHEN_ASKED,
    queryKey: [...LOOKS, "count"],
    enabled: mayReviewLooks(me?.role),
    staleTime: ASKED_EVERY_MS,
    refetchInterval: ASKED_EVERY_MS,
    queryFn: () => readLooks("waiting"),
  });
  const others = (waiting.data?.items ?? []).filter((look) => look.username !== me?.username).length;
  if (others === 0) return null;
  return waiting.data?.next == null ? String(others) : `${others}+`;
}
