/** The track of the last day, asked for when the operator wants to see it: every look goes on record. */
import { useQuery } from "@tanstack/react-query";
import { api } from "../../src/api/client";
import type { Track } from "../../src/api/types";
import { ONLY_WHEN_ASKED } from "../manage/usePages";

/** More would not be seen on a map of this size, and takes longer to come. */
const POINTS_AT_MOST = 2_000;

export interface TrackOf {
  resident: string;
  /** Why, where no incident is open; empty where one is. */
  reason: string;
}

export function useTrack(of: TrackOf | null, isWanted: boolean) {
  const [resident, reason] = [of?.resident ?? "", of?.reason ?? ""];
  return useQuery({
    ...(reason === "" ? {} : ONLY_WHEN_ASKED),
    queryKey: ["track", resident, reason],
    enabled: isWanted && of !== null,
    staleTime: 60_000,
    queryFn: async () => {
      const query = { max_points: POINTS_AT_MOST, ...(reason === "" ? {} : { reason }) };
      const { data } = await api.GET("/api/residents/{id}/track", { params: { path: { id: resident }, query } });
      if (!data || typeof data === "string") throw new Error("the track could not be read");
      return data as Track;
    },
  });
}
