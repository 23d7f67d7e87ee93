/** The way of today, asked for when somebody wants to see it: every look goes on record. */
import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { readTrackSince } from "../../src/api/relative";
import type { Named, Track } from "../../src/api/types";
import { drawTrack, type TrackDrawing } from "../../src/incident/track";
import { dateOf, fieldTime } from "../../src/time/format";

const RENEWED_EVERY_MS = 120_000;

export interface Trail {
  drawing: TrackDrawing | undefined;
  /** Whether the consent covers it. */
  isCovered: boolean;
  /** The battery as the newest fix told it. */
  battery: { percent: number; at: string } | null;
  isError: boolean;
  retry(): void;
}

function batteryOf(track: Track | null | undefined): Trail["battery"] {
  const told = [...(track?.features ?? [])].reverse().find(({ properties }) => properties.battery_pct != null)?.properties;
  return told?.battery_pct == null ? null : { percent: Math.round(told.battery_pct), at: told.fix_time };
}

export function useTrail({ id }: Named, isWanted: boolean, nowMs: number): Trail {
  const today = dateOf(nowMs);
  const track = useQuery({
    queryKey: ["trail", id, today],
    enabled: isWanted,
    refetchInterval: isWanted ? RENEWED_EVERY_MS : false,
    queryFn: () => readTrackSince(id, fieldTime(`${today}T00:00`)),
  });
  const drawing = useMemo(() => (track.data ? drawTrack(track.data, track.dataUpdatedAt) : undefined), [track.data, track.dataUpdatedAt]);
  return { drawing, isCovered: track.data !== null, battery: batteryOf(track.data), isError: track.isError, retry: () => void track.refetch() };
}
