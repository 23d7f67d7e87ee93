/** The track of the last day, asked for when the operator wants to see it: every look goes on record. */
import { useQuery } from "@tanstack/react-query";
import { api } from "../../src/api/client";
import type { Incident, Track } from "../../src/api/types";

/** More would not be seen on a map of this size, and takes longer to come. */
const POINTS_AT_MOST = 2_000;

export function useTrack(incident: Incident, isWanted: boolean) {
  const id = incident.resident?.id;
  return useQuery({
    queryKey: ["track", id],
    enabled: isWanted && id !== undefined && incident.state !== "closed",
    staleTime: 60_000,
    queryFn: async () => {
      const { data } = await api.GET("/api/residents/{id}/track", { params: { path: { id: id ?? "" }, query: { max_points: POINTS_AT_MOST } } });
      if (!data || typeof data === "string") throw new Error("the track could not be read");
      return data as Track;
    },
  });
}
