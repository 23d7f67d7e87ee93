import { useQuery } from "@tanstack/react-query";
import { readInvitations } from "../../src/api/family";
import { INVITATIONS } from "./keys";
import { ONLY_WHEN_ASKED } from "./usePages";

/** Those that nobody has used yet. */
export const useInvitations = () => useQuery({ ...ONLY_WHEN_ASKED, queryKey: INVITATIONS, queryFn: readInvitations, staleTime: 0 });
