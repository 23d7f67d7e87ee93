/**
 * What is known of a person, with where they are. Outside of an incident nobody is told of positions as they come, so it is asked
 * for again and again while the page is looked at; each time goes on record.
 */
import { useQuery } from "@tanstack/react-query";
import { readCard } from "../../src/api/relative";
import type { Incident, LivePosition, Named, Position, ResidentCard } from "../../src/api/types";
import { isOpen } from "../../src/family/board";
import { forgetAll, useFamily } from "../state/store";

const ASKED_EVERY_MS = 60_000;

export function useCard({ id }: Named) {
  const isIn = useFamily((family) => family.session.kind === "in");
  return useQuery({
    queryKey: ["card", id],
    enabled: isIn,
    refetchInterval: ASKED_EVERY_MS,
    refetchOnWindowFocus: true,
    queryFn: async (): Promise<ResidentCard> => {
      const answer = await readCard(id);
      if (answer.kind === "done") return answer.value;
      if (answer.kind === "refused" && answer.status === 403) forgetAll();
      throw new Error(answer.kind === "refused" ? answer.detail : "");
    },
  });
}

const newest = (positions: readonly (Position | null | undefined)[]): Position | null =>
  positions.reduce<Position | null>((latest, each) => (each && (!latest || Date.parse(each.fix_time) > Date.parse(latest.fix_time)) ? each : latest), null);

/** The newest that was told, by whichever way. */
export function positionOf(card: ResidentCard | undefined, id: string, incidents: readonly Incident[], live: Readonly<Record<string, LivePosition>>): Position | null {
  const told = Object.values(live).filter((position) => position.resident === id);
  return newest([card?.position, ...told, ...incidents.filter(isOpen).map(({ position }) => position)]);
}
