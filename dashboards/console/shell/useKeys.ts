/** The keyboard: J K Enter C D M ? Esc. Letters can be switched off, for people whose tools type for them. */
import { useEffect } from "react";
import { inQueueOrder, neighbour } from "../../src/incident/queue";
import { claimIncident } from "../commands/act";
import { mayDirect } from "../commands/rights";
import { mute } from "../shift/alarm";
import { currentUser, showDialog, useDesk } from "../state/deskStore";
import { useLive } from "../state/liveStore";
import { closePage, openIncident } from "../state/route";

const SWITCHED_OFF_AS = "jujiale.console.no_single_keys";

export function singleKeysAreOn(): boolean {
  try {
    return localStorage.getItem(SWITCHED_OFF_AS) === null;
  } catch {
    return true;
  }
}

export function switchSingleKeys(on: boolean): void {
  try {
    if (on) localStorage.removeItem(SWITCHED_OFF_AS);
    else localStorage.setItem(SWITCHED_OFF_AS, "yes");
  } catch {
    // A desk whose storage is closed keeps the keys on.
  }
}

export const isTyping = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement && (target.isContentEditable || ["INPUT", "TEXTAREA", "SELECT"].includes(target.tagName));

/** Enter on these already does something of its own. */
const hasOwnEnter = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement && ["BUTTON", "A", "SUMMARY"].includes(target.tagName);

export const rowId = (id: string): string => `row-${id}`;

function move(step: 1 | -1): void {
  const ids = inQueueOrder(Object.values(useLive.getState().incidents)).map((incident) => incident.id);
  const selected = neighbour(ids, useDesk.getState().selected, step);
  if (selected === null) return;
  useDesk.setState({ selected });
  document.getElementById(rowId(selected))?.focus();
}

function claimSelected(): void {
  const { selected, opened } = useDesk.getState();
  const { incidents } = useLive.getState();
  const incident = incidents[selected ?? ""] ?? incidents[opened ?? ""];
  if (!incident) return;
  if (incident.id !== opened) openIncident(incident.id);
  void claimIncident(incident);
}

/** Of the opened incident; nothing where this desk may not send anybody. */
function dispatchOpened(): void {
  const { opened, selected } = useDesk.getState();
  const incident = useLive.getState().incidents[opened ?? selected ?? ""];
  if (!incident || !mayDirect(incident, currentUser())) return;
  if (incident.id === opened) return showDialog("dispatch");
  // Opening a page closes what dialog there was, once the address has changed.
  window.addEventListener("hashchange", () => showDialog("dispatch"), { once: true });
  openIncident(incident.id);
}

function openSelected(): void {
  const { selected } = useDesk.getState();
  if (selected !== null && useLive.getState().incidents[selected]) openIncident(selected);
}

const LETTERS: Record<string, () => void> = {
  j: () => move(1),
  k: () => move(-1),
  c: claimSelected,
  d: dispatchOpened,
  m: mute,
  "?": () => useDesk.setState({ dialog: "help" }),
  "？": () => useDesk.setState({ dialog: "help" }),
};

function press(event: KeyboardEvent): void {
  const { dialog, session } = useDesk.getState();
  const isOccupied = dialog !== null || document.querySelector(".ant-modal-confirm") !== null;
  if (session.kind !== "in" || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  if (isOccupied) {
    if (event.key === "?" && dialog === "help") useDesk.setState({ dialog: null });
    return;
  }
  if (isTyping(event.target)) return;
  if (event.key === "Escape") return closePage();
  if (event.key === "Enter" && !hasOwnEnter(event.target)) return openSelected();
  const act = LETTERS[event.key.toLowerCase()];
  if (!act || event.repeat || !singleKeysAreOn()) return;
  event.preventDefault();
  act();
}

export function useKeys(): void {
  useEffect(() => {
    window.addEventListener("keydown", press);
    return () => window.removeEventListener("keydown", press);
  }, []);
}
