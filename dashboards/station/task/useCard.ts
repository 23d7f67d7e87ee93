/** The resident's card. It may be looked at while the task lasts, and is forgotten with it. Who does not look only keeps what was read. */
import { useQuery } from "@tanstack/react-query";
import type { Task } from "../../src/api/types";
import { door } from "../door";

export function useCard(task: Task, looks = true) {
  const id = task.resident?.id;
  return useQuery({
    queryKey: ["resident", id],
    enabled: looks && id !== undefined,
    staleTime: Infinity,
    queryFn: () => door().card(id ?? ""),
  });
}

export type CardQuery = ReturnType<typeof useCard>;
