/**
 * A telephone's bell: what it sounds, and the truth about whether it can be heard.
 *
 * Browsers let a page sound only after it was touched, and may take the sound away again.
 */
import type { Severity } from "../api/types";
import { onTick } from "../time/useNow";
import { AlarmVoice } from "./audio";
import { keepAwake, renewWhenSeen } from "./wakeLock";

export type Sound = "off" | "running" | "suspended";

export interface BellHost {
  /** What is to be heard now. */
  pattern(): Severity | null;
  /** Whether a touch anywhere may turn the sound on. */
  isWanted(): boolean;
  sound(): Sound;
  keepSound(sound: Sound): void;
}

export interface Bell {
  /** Call from a touch, a click or a key. */
  start(): Promise<void>;
  ring(): void;
  watch(): void;
}

export function createBell(host: BellHost): Bell {
  let voice: AlarmVoice | null = null;
  let starting: Promise<void> | null = null;
  const look = (): void => {
    const sound: Sound = !voice ? "off" : voice.isRunning() && !voice.isStalled() ? "running" : "suspended";
    if (sound !== host.sound()) host.keepSound(sound);
  };
  const ring = (): void => voice?.loop(host.pattern());
  const start = async (): Promise<void> => {
    void keepAwake();
    starting ??= AlarmVoice.start(look).then((started) => { voice = started; }, () => { starting = null; });
    await starting;
    if (voice && !voice.isRunning()) await voice.restore();
    look();
    ring();
  };
  const touched = (): void => {
    if (host.isWanted() && host.sound() !== "running") void start();
  };
  const watch = (): void => {
    onTick(() => {
      look();
      ring();
    });
    for (const kind of ["pointerup", "keydown"]) document.addEventListener(kind, touched);
    renewWhenSeen(() => voice !== null);
  };
  return { start, ring, watch };
}

/** Where the device can and the page was touched. */
export function vibrate(pattern: number | number[]): void {
  if ("vibrate" in navigator && navigator.userActivation?.hasBeenActive) navigator.vibrate(pattern);
}
