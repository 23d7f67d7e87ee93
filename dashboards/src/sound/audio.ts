/**
 * The alarm's voice. A pattern is rendered once into a buffer and looped by the audio thread, so that a hidden tab,
 * whose timers the browser holds back, goes on sounding.
 */
import type { Severity } from "../api/types";

interface Tone {
  at_s: number;
  length_s: number;
  hertz: number;
}

interface Pattern {
  tones: readonly Tone[];
  period_s: number;
  loudness: number;
}

/** The graver, the higher, faster and louder: told apart by ear alone, without looking up. */
export const PATTERNS: Record<Severity, Pattern> = {
  life: {
    tones: [0, 0.22, 0.44].map((at_s, index) => ({ at_s, length_s: 0.17, hertz: index === 1 ? 1175 : 932 })),
    period_s: 1.0,
    loudness: 0.55,
  },
  urgent: { tones: [0, 0.3].map((at_s) => ({ at_s, length_s: 0.22, hertz: 740 })), period_s: 1.6, loudness: 0.45 },
  notice: { tones: [{ at_s: 0, length_s: 0.3, hertz: 587 }], period_s: 3, loudness: 0.35 },
  technical: { tones: [{ at_s: 0, length_s: 0.18, hertz: 392 }], period_s: 6, loudness: 0.3 },
};

/** Rounds a tone's ends off, because a hard edge is heard as a click. */
const EDGE_S = 0.012;

export function renderPattern(pattern: Pattern, sampleRate: number): Float32Array<ArrayBuffer> {
  const samples = new Float32Array(Math.round(pattern.period_s * sampleRate));
  for (const tone of pattern.tones) {
    const first = Math.round(tone.at_s * sampleRate);
    const count = Math.round(tone.length_s * sampleRate);
    for (let index = 0; index < count && first + index < samples.length; index += 1) {
      const time_s = index / sampleRate;
      const edge = Math.min(1, time_s / EDGE_S, (tone.length_s - time_s) / EDGE_S);
      const wave = Math.sin(2 * Math.PI * tone.hertz * time_s) + 0.3 * Math.sin(4 * Math.PI * tone.hertz * time_s);
      samples[first + index] = wave * edge * pattern.loudness * 0.75;
    }
  }
  return samples;
}

const TEST_TONE: Pattern = {
  tones: [{ at_s: 0, length_s: 0.18, hertz: 660 }, { at_s: 0.2, length_s: 0.3, hertz: 880 }],
  period_s: 0.55,
  loudness: 0.4,
};

/** Longer than any hiccup of a sound device, shorter than anybody should sit before a mute desk. */
const STALLED_AFTER_MS = 3_000;

export class AlarmVoice {
  private playing: { severity: Severity; source: AudioBufferSourceNode } | null = null;
  private lastClock_s = -1;
  private lastMovedAtMs = 0;

  private constructor(
    private readonly context: AudioContext,
    onChange: () => void,
  ) {
    context.onstatechange = onChange;
  }

  /** Must be called from a click or a key: browsers refuse sound to a page nobody has touched. */
  static async start(onChange: () => void): Promise<AlarmVoice> {
    const voice = new AlarmVoice(new AudioContext(), onChange);
    await voice.restore();
    voice.play(TEST_TONE, false);
    return voice;
  }

  async restore(): Promise<void> {
    await Promise.race([this.context.resume(), new Promise((done) => setTimeout(done, 1_000))]);
  }

  loop(severity: Severity | null): void {
    if ((this.playing?.severity ?? null) === severity) return;
    this.playing?.source.stop();
    this.playing = severity === null ? null : { severity, source: this.play(PATTERNS[severity], true) };
  }

  isRunning(): boolean {
    return this.context.state === "running";
  }

  /** A context may say `running` while its device hangs: then its clock stands still. */
  isStalled(): boolean {
    const nowMs = performance.now();
    if (!this.isRunning() || this.context.currentTime !== this.lastClock_s) {
      this.lastClock_s = this.isRunning() ? this.context.currentTime : -1;
      this.lastMovedAtMs = nowMs;
    }
    return nowMs - this.lastMovedAtMs > STALLED_AFTER_MS;
  }

  async end(): Promise<void> {
    this.loop(null);
    this.context.onstatechange = null;
    await this.context.close();
  }

  private play(pattern: Pattern, isLooped: boolean): AudioBufferSourceNode {
    const samples = renderPattern(pattern, this.context.sampleRate);
    const buffer = this.context.createBuffer(1, samples.length, this.context.sampleRate);
    buffer.copyToChannel(samples, 0);
    const source = this.context.createBufferSource();
    source.buffer = buffer;
    source.loop = isLooped;
    source.connect(this.context.destination);
    source.start();
    return source;
  }
}
