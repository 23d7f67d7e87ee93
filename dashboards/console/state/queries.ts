/** What was asked of the server once, kept for a moment. Emptied when the screen is locked or the session has ended: it holds residents' cards. */
import { QueryClient } from "@tanstack/react-query";

export const queries = new QueryClient({ defaultOptions: { queries: { retry: 1, staleTime: 15_000 } } });
