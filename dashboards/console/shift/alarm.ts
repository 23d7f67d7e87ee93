/** Decides at every change and every second what this desk should sound, and lets it be heard. */
import i18next from "i18next";
import type { Incident } from "../../src/api/types";
import { receivedAfter } from "../../src/incident/received";
import { decideSound, type Desk, muteFor, soundKey, sounds, type SoundDecision } from "../../src/incident/sound";
import { soundsForTasks, troubleOf, troubles } from "../../src/incident/tasks";
import { summaryWords, whoWords } from "../../src/incident/words";
import { onTick, serverClock } from "../../src/time/useNow";
import { currentUser, isLocked, useDesk } from "../state/deskStore";
import { openIncident } from "../state/route";
import { type LiveState, useLive } from "../state/liveStore";
import { keepReceived } from "./kept";
import { alarmVoice, checkAudio } from "./shift";

const t = (key: string, values?: Record<string, unknown>): string => i18next.t(key, { ...values });

/** The mute runs on the monotonic clock: a correction of the server's time must not lengthen a silence. */
const muteClockMs = (): number => performance.now();

/** Who sits here, and what a colleague gave them that they have not opened. */
export function thisDesk(): Desk | null {
  const me = currentUser();
  return me && { username: me.username, role: me.role, received: useDesk.getState().received };
}

export function decide(): SoundDecision {
  const desk = thisDesk();
  if (!desk) return { pattern: null, sounding: [] };
  return decideSound(Object.values(useLive.getState().incidents), desk, useDesk.getState().mute, muteClockMs());
}

export function mute(): void {
  const { sounding } = decide();
  if (sounding.length > 0) useDesk.setState({ mute: muteFor(sounding, muteClockMs()) });
}

export const unmute = (): void => useDesk.setState({ mute: null });

export function mutedSecondsLeft(until_ms: number): number {
  return Math.max(0, Math.ceil((until_ms - muteClockMs()) / 1000));
}

function sound(): void {
  const { mute: muted } = useDesk.getState();
  if (muted && muteClockMs() >= muted.until_ms) unmute();
  alarmVoice()?.loop(decide().pattern);
}

const notified = new Set<string>();
const shown = new Set<Notification>();

/** They hold names, and stand outside of the page. */
export function closeNotifications(): void {
  for (const notification of shown) notification.close();
  shown.clear();
}

/** A word outside the page, for an operator whose window is covered. */
function notify(incident: Incident): void {
  const key = soundKey(incident);
  if (notified.has(key)) return;
  notified.add(key);
  const { notificationsAllowed, shiftSince } = useDesk.getState();
  if (!document.hidden || !notificationsAllowed || shiftSince === null) return;
  const title = t("notification.title", { severity: t(`severity.${incident.severity}`), who: whoWords(incident, t) });
  say(title, whyWords(incident), incident.id);
}

/** What it sounds for now. */
function whyWords(incident: Incident): string {
  const giver = useDesk.getState().received[incident.id];
  if (giver !== undefined) return t("transfer.received_words", { name: giver, who: whoWords(incident, t) });
  const [task] = soundsForTasks(incident) ? troubles(incident) : [];
  return task ? t(`task.row.${troubleOf(task, incident)}`, { station: task.station.name }) : summaryWords(incident, serverClock.nowMs(), t);
}

function say(title: string, body: string, id: string): void {
  const notification = new Notification(title, { body, tag: id });
  shown.add(notification);
  notification.onclose = () => shown.delete(notification);
  notification.onclick = () => {
    window.focus();
    openIncident(id);
  };
}

function notifyAll(): void {
  const desk = thisDesk();
  if (!desk) return;
  for (const incident of Object.values(useLive.getState().incidents)) if (sounds(incident, desk)) notify(incident);
}

/** Somebody gave it to whoever sits here: it sounds and is said until it is opened. */
function receive(incidents: LiveState["incidents"], before: LiveState["incidents"]): void {
  const me = currentUser()?.username;
  if (me === undefined) return;
  const desk = useDesk.getState();
  const { received, claiming } = desk;
  const opened = isLocked(desk) ? null : desk.opened;
  const after = receivedAfter(received, incidents, before, me, (id) => claiming.has(id) || id === opened);
  if (after !== received) useDesk.setState({ received: after });
}

export function startAlarm(): void {
  keepReceived();
  useLive.subscribe((state, before) => {
    if (state.incidents === before.incidents) return sound();
    receive(state.incidents, before.incidents);
    sound();
    notifyAll();
  });
  useDesk.subscribe(sound);
  onTick(() => {
    checkAudio();
    sound();
  });
}
