import { useQuery } from "@tanstack/react-query";
import { readRelatives } from "../../src/api/family";
import { relativesOf } from "./keys";
import { ONLY_WHEN_ASKED } from "./usePages";

export const useRelatives = (resident: string, staleTime: number) =>
  useQuery({ ...ONLY_WHEN_ASKED, queryKey: relativesOf(resident), queryFn: () => readRelatives(resident), staleTime });
