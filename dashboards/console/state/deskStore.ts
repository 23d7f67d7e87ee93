/** What this desk is doing: who sits at it, what is opened and selected, what is muted, which claims are under way. */
import { create } from "zustand";
import type { Named, Session } from "../../src/api/types";
import { type Received, withoutSeen } from "../../src/incident/received";
import { type SessionState, whoIs } from "../../src/session/state";
import type { Mute } from "../../src/incident/sound";

export type AudioState = "off" | "running" | "suspended" | "stalled";
/** What is said or decided about the opened incident. */
export type IncidentDialog = "note" | "release" | "close" | "dispatch" | "transfer" | "handover" | "identify" | "merge" | "split" | AboutTask;
export type Dialog = "help" | "call" | "lookup" | "sessions" | "reopen" | "quarantine" | "audit" | "account" | "looks" | "users" | "residents" | "stations" | "drills" | "absences" | "technical" | "ladder" | "zones" | "roster" | "channels" | "reports" | "quarter" | "heard" | IncidentDialog | AboutConsents | AboutFences | AboutHandsets | null;

/** A task of the opened incident: what the station said by telephone, or why it is taken back. */
export interface AboutTask {
  kind: "behalf" | "withdraw";
  task: string;
}

const ABOUT_INCIDENT: ReadonlySet<unknown> = new Set(["note", "release", "close", "dispatch", "transfer", "handover", "identify", "merge", "split", "behalf", "withdraw"]);

export const isAboutIncident = (dialog: Dialog): dialog is IncidentDialog =>
  ABOUT_INCIDENT.has(dialog !== null && typeof dialog === "object" ? dialog.kind : dialog);

/** The consents of a resident, or of one who is still to be found. */
export interface AboutConsents {
  kind: "consents";
  resident: Named | null;
}

/** The fences of a resident, or of one who is still to be found. */
export interface AboutFences {
  kind: "fences";
  resident: Named | null;
}

/** Handsets that fit some words; all of them, if there are none. */
export interface AboutHandsets {
  kind: "handsets";
  q: string;
}

/** The last word about a command on one incident, shown where it was given. */
export interface CommandNews {
  incident: string;
  tone: "good" | "bad";
  words: string;
  /** The incident's version that it is about; what went well is old news once something else has happened. */
  version: number;
}

export interface DeskState {
  session: SessionState;
  /** The code of an invitation that stands in the address. */
  joining: string | null;
  shiftSince: number | null;
  shiftEnded: boolean;
  audio: AudioState;
  notificationsAllowed: boolean;
  selected: string | null;
  opened: string | null;
  mute: Mute | null;
  claiming: ReadonlySet<string>;
  news: CommandNews | null;
  /** Incidents that somebody gave to whoever sits here, with who it was, until they are opened. */
  received: Received;
  dialog: Dialog;
}

export const useDesk = create<DeskState>(() => ({
  session: { kind: "asking" },
  joining: null,
  shiftSince: null,
  shiftEnded: false,
  audio: "off",
  notificationsAllowed: false,
  selected: null,
  opened: null,
  mute: null,
  claiming: new Set(),
  news: null,
  received: {},
  dialog: null,
}));

export function useMe(): Session | null {
  return useDesk((desk) => whoIs(desk.session));
}

export const currentUser = (): Session | null => whoIs(useDesk.getState().session);

export const isLocked = ({ session }: DeskState): boolean => whoIs(session)?.locked ?? false;

/** Somebody is logged in and sees what is opened. */
export const isShown = ({ session }: DeskState): boolean => session.kind === "in" && !session.me.locked;

/** Whoever sits here has seen it, or acted on it: what was given to them is no news any more. */
export const markSeen = (id: string | null): void =>
  useDesk.setState((desk) => {
    const received = withoutSeen(desk.received, id);
    return received === desk.received ? desk : { received };
  });

/** What went wrong before is not said again in a dialog that was opened afterwards. */
export const showDialog = (dialog: Dialog): void =>
  useDesk.setState(({ news }) => ({ dialog, news: dialog !== null && news?.tone === "bad" ? null : news }));
