/** The stations that could be asked to go. Pure. */
import type { Candidate } from "../api/types";

export const idOf = ({ station }: Candidate): string => station.id;

/** It has a task here that is not over. */
export const isAsked = ({ against }: Candidate): boolean => against.includes("asked");

/** What is ticked before anybody has chosen. */
export const preselected = (candidates: readonly Candidate[]): string[] =>
  candidates.filter((each) => each.recommended && !isAsked(each)).map(idOf);

/** Those that are chosen and have nobody at a screen: they hear of it by telephone alone. */
export const toBeRung = (candidates: readonly Candidate[], chosen: ReadonlySet<string>): Candidate[] =>
  candidates.filter((each) => chosen.has(idOf(each)) && !each.online);

/** Whether it is at a screen stands beside it already, so that is not said twice. */
export const reasonsAgainst = ({ against }: Candidate): Candidate["against"] => against.filter((reason) => reason !== "nobody_online");

/** What speaks of the order alone, and against nobody. */
const OF_THE_ORDER: ReadonlySet<Candidate["against"][number]> = new Set(["even", "position_old", "more_tasks", "farther"]);
export const isOfTheOrder = (reason: Candidate["against"][number]): boolean => OF_THE_ORDER.has(reason);
