/** The stations that could be asked to go. Pure. */
import type { Candidate } from "../api/types";

export const idOf = ({ station }: Candidate): string => station.id;

/** It has a task here that is not over. */
export const isAsked = ({ against }: Candidate): boolean => against.includes("asked");

/** What is ticked before anybody has chosen. */
export const preselected = (candidates: readonly Candidate[]): string[] =>
  candidates.filter((each) => each.recommended && !isAsked(each)).map(idOf);

/** Those that are chosen and of which nobody is known to be at a screen: they may hear of it by telephone alone. */
export const toBeRung = (candidates: readonly Candidate[], chosen: ReadonlySet<string>): Candidate[] =>
  candidates.filter((each) => chosen.has(idOf(each)) && each.online !== true);

/** `null`: the server cannot ask its other processes, so that nobody knows. */
export const onlineState = (online: boolean | null | undefined): "online" | "offline" | "unknown" => (online == null ? "unknown" : online ? "online" : "offline");

/** Whether it is at a screen stands beside it already, so that is not said twice. */
export const reasonsAgainst = ({ against }: Candidate): Candidate["against"] => against.filter((reason) => reason !== "nobody_online" && reason !== "online_unknown");

/** What speaks of the order alone, and against nobody. */
const OF_THE_ORDER: ReadonlySet<Candidate["against"][number]> = new Set(["even", "position_old", "more_tasks", "farther"]);
export const isOfTheOrder = (reason: Candidate["against"][number]): boolean => OF_THE_ORDER.has(reason);
