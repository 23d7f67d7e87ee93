/** Whom this account may see, and what has happened to them: asked for at the beginning, and whenever that may have changed. */
import { INCIDENTS_AT_MOST, readIncident, readIncidents } from "../../src/api/relative";
import type { Incident, Named } from "../../src/api/types";
import { withBeginning, withIncidents, withoutIncidents, withoutUnseen } from "../../src/family/board";
import { forgetAll, onBoard, queries, useFamily } from "../state/store";

/** Those whom incidents are about; a grant without any incident names nobody. */
function peopleIn(incidents: readonly Incident[]): Named[] {
  const people = new Map<string, Named>();
  for (const { resident } of incidents) if (resident) people.set(resident.id, resident);
  return [...people.values()];
}

let turn = 0;

/** `isBeginning`: what is found was there before anybody looked. */
export async function askForAll(isBeginning: boolean): Promise<void> {
  const mine = (turn += 1);
  const answer = await readIncidents();
  if (mine !== turn) return;
  if (answer.kind === "refused" && answer.status === 403) {
    forgetAll();
    return;
  }
  if (answer.kind !== "done") {
    useFamily.setState(({ access }) => (access === "granted" ? {} : { access: "unreached" }));
    return;
  }
  const { items } = answer.value;
  // More than a page of them, and those beyond it are not told of here.
  if (items.length < INCIDENTS_AT_MOST) onBoard((board) => withoutUnseen(board, items));
  onBoard((board) => (isBeginning ? withBeginning(board, items) : withIncidents(board, items)));
  useFamily.setState(({ people }) => ({ access: "granted", people: mergePeople(people, peopleIn(items)) }));
}

function mergePeople(known: readonly Named[], found: readonly Named[]): Named[] {
  return [...known.filter(({ id }) => !found.some((each) => each.id === id)), ...found];
}

/** Somebody new may be named by an incident as it comes. */
export function keepPerson(incident: Incident): void {
  if (!incident.resident) return;
  const found = peopleIn([incident]);
  useFamily.setState(({ people }) => (people.some(({ id }) => id === incident.resident?.id) ? {} : { people: mergePeople(people, found) }));
}

/** They were open and are not told of any more. How they ended is asked; what may not be seen goes without a word. */
export async function clearUp(ids: readonly string[]): Promise<void> {
  for (const id of ids) {
    const answer = await readIncident(id);
    if (answer.kind === "done") onBoard((board) => withIncidents(board, [answer.value]));
    else if (answer.kind === "refused" && (answer.status === 404 || answer.status === 403)) onBoard((board) => withoutIncidents(board, [id]));
  }
}

/** Where somebody is may be known anew, or may not be known any more. */
export const renewPlaces = (): void => void queries.invalidateQueries({ queryKey: ["card"] });
