/** The resident's card. It may be looked at while the task lasts, and is forgotten with it. */
import { useQuery } from "@tanstack/react-query";
import { api } from "../../src/api/client";
import { read } from "../../src/api/read";
import type { Task } from "../../src/api/types";

export function useCard(task: Task) {
  const id = task.resident?.id;
  return useQuery({
    queryKey: ["resident", id],
    enabled: id !== undefined,
    staleTime: Infinity,
    queryFn: () => read(api.GET("/api/residents/{id}", { params: { path: { id: id ?? "" } } })),
  });
}

export type CardQuery = ReturnType<typeof useCard>;
