import { useInfiniteQuery } from "@tanstack/react-query";
import type { Page } from "../../src/api/read";

/** A look that nobody asked for would stand in the audit log as one. */
export const ONLY_WHEN_ASKED = { retry: false, refetchOnWindowFocus: false, refetchOnReconnect: false } as const;

export function usePages<One extends Page<unknown>>(queryKey: readonly string[], readPage: (cursor?: string) => Promise<One>) {
  const pages = useInfiniteQuery({
    ...ONLY_WHEN_ASKED,
    queryKey,
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam }) => readPage(pageParam),
    getNextPageParam: (page) => page.next ?? undefined,
    staleTime: 0,
  });
  const items: unknown[] = pages.data?.pages.flatMap((page) => page.items) ?? [];
  return { pages, items: items as One["items"] };
}
