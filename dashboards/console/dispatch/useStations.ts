/** The stations: where they answer the telephone, and whether somebody there is at a screen. */
import { useQuery } from "@tanstack/react-query";
import { readStations } from "../../src/api/dispatch";
import { STATIONS } from "../manage/keys";

/** Who is online changes by itself. */
const ASKED_EVERY_MS = 20_000;

export const useStations = (isWanted = true) =>
  useQuery({ queryKey: STATIONS, queryFn: readStations, enabled: isWanted, staleTime: 5_000, refetchInterval: isWanted ? ASKED_EVERY_MS : false });
