/**
 * The shift: from its start this desk sounds, notifies and stays awake.
 *
 * The server escalates whether or not any browser sounds; what this module owes the operator is the truth about this
 * browser, so every doubt about the sound ends in `audio`, which the banners show.
 */
import { serverClock } from "../../src/time/useNow";
import { useDesk, type AudioState } from "../state/deskStore";
import { AlarmVoice } from "../../src/sound/audio";
import { keepAwake, letSleep, renewWhenSeen } from "../../src/sound/wakeLock";

const REMEMBERED_AS = "jujiale.console.on_shift";

let voice: AlarmVoice | null = null;

export const alarmVoice = (): AlarmVoice | null => voice;

export function checkAudio(): void {
  const audio = audioState();
  if (audio !== useDesk.getState().audio) useDesk.setState({ audio });
}

function audioState(): AudioState {
  if (!voice) return "off";
  const isStalled = voice.isStalled();
  if (!voice.isRunning()) return "suspended";
  return isStalled ? "stalled" : "running";
}

/** Call from a click or key. Asking for permission must not delay the sound, so nothing waits for the answers. */
export async function startShift(): Promise<void> {
  void askForNotifications();
  void keepAwake();
  voice ??= await AlarmVoice.start(checkAudio);
  remember(true);
  useDesk.setState({ shiftSince: serverClock.nowMs(), shiftEnded: false });
  checkAudio();
}

export async function restoreAudio(): Promise<void> {
  await voice?.restore();
  checkAudio();
}

export async function endShift(): Promise<void> {
  const ending = voice;
  voice = null;
  remember(false);
  useDesk.setState({ shiftSince: null, shiftEnded: true, mute: null, audio: "off" });
  await ending?.end();
  await letSleep();
}

async function askForNotifications(): Promise<void> {
  if (!("Notification" in window)) return;
  const permission = await Notification.requestPermission();
  useDesk.setState({ notificationsAllowed: permission === "granted" });
}

function remember(isOnShift: boolean): void {
  try {
    if (isOnShift) sessionStorage.setItem(REMEMBERED_AS, "yes");
    else sessionStorage.removeItem(REMEMBERED_AS);
  } catch {
    // Without storage a reload merely asks to start the shift instead of resuming it.
  }
}

export function wasOnShift(): boolean {
  try {
    return sessionStorage.getItem(REMEMBERED_AS) === "yes";
  } catch {
    return false;
  }
}

/** Whoever logs out takes the shift along: the next one at this window begins their own. */
export const forgetShift = (): void => remember(false);

export const startShiftWatch = (): void => renewWhenSeen(() => voice !== null);
