/** The resident's card. It may be looked at while the task lasts, and is forgotten with it. */
import { useQuery } from "@tanstack/react-query";
import type { Task } from "../../src/api/types";
import { door } from "../door";

export function useCard(task: Task) {
  const id = task.resident?.id;
  return useQuery({
    queryKey: ["resident", id],
    enabled: id !== undefined,
    staleTime: Infinity,
    queryFn: () => door().card(id ?? ""),
  });
}

export type CardQuery = ReturnType<typeof useCard>;
