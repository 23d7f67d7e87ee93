/** Roster and channels, which only together say whether anybody is reached. */
import { useQuery } from "@tanstack/react-query";
import { readChannels, readRoster } from "../../src/api/reach";
import { reachOf } from "../../src/reach/reach";
import { useNow } from "../../src/time/useNow";
import { CHANNELS, ROSTER } from "../manage/keys";
import { ONLY_WHEN_ASKED } from "../manage/usePages";

export const useRoster = () => useQuery({ ...ONLY_WHEN_ASKED, queryKey: ROSTER, queryFn: readRoster, staleTime: 0 });
export const useChannels = () => useQuery({ ...ONLY_WHEN_ASKED, queryKey: CHANNELS, queryFn: readChannels, staleTime: 0 });

export function useReach() {
  const [roster, channels, now] = [useRoster(), useChannels(), useNow()];
  const reach = roster.data && channels.data ? reachOf(roster.data.items, channels.data, now) : null;
  return { reach, isFailed: roster.isError || channels.isError };
}
