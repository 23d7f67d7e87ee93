/** What was learned of somebody, as a layer that is switched on: every look at it goes on record, so nothing is read before. */
import { useQuery, type UseQueryResult } from "@tanstack/react-query";
import { useState } from "react";
import { readHabits } from "../../src/api/fences";
import type { Habits } from "../../src/api/types";
import type { Forgetting } from "../../src/fence/habits";
import { habitsOf } from "../manage/keys";
import { ONLY_WHEN_ASKED } from "../manage/usePages";

export interface HabitsShown {
  habits: UseQueryResult<Habits>;
  isShown: boolean;
  toggle(): void;
  /** The place near which something is to be forgotten; null while nobody asked for that. */
  forgetting: Forgetting | null;
  setForgetting(forgetting: Forgetting | null): void;
}

export function useHabits(resident: string, reason: string): HabitsShown {
  const [isShown, setShown] = useState(false);
  const [forgetting, setForgetting] = useState<Forgetting | null>(null);
  const habits = useQuery({
    ...ONLY_WHEN_ASKED,
    queryKey: [...habitsOf(resident), reason],
    enabled: isShown,
    staleTime: 60_000,
    queryFn: () => readHabits(resident, reason),
  });
  const toggle = () => {
    setShown(!isShown);
    setForgetting(null);
  };
  return { habits, isShown, toggle, forgetting, setForgetting };
}
