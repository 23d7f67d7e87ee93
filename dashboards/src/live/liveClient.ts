/**
 * The live link to `/api/live`: one websocket that is always either telling us the truth or visibly down.
 *
 * The client is a state machine without a socket, a clock or a timer of its own; the `LiveEnvironment` brings them, so
 * tests drive it with a fake. The rules it keeps:
 * - the first thing said on a connection is `{"resume": cursor}`; `null` asks for a snapshot; nothing else is said before it is up;
 * - the link is `up` only once a frame has been heard, and no longer than `SILENCE_MS` after the last one;
 * - 4001 means that the session is over: it stops, and `start` resumes at the same cursor after a new log-in;
 * - 4008 means that we were too slow: it resumes at once;
 * - 4009 means that the account has too many pages up and this one gave way: it comes back after a while, or it would take
 *   the place of another at once;
 * - a frame that cannot be read makes what we hold doubtful: the cursor is thrown away and a snapshot asked for.
 */
import type { LiveFrame } from "../api/types";
import { retryDelayMs } from "./backoff";

/** The server speaks at least every 5 s; two missed beats and a little are a dead line. */
export const SILENCE_MS = 12_000;
/** A link that held this long was a good one: the next loss starts again with the shortest delay. */
const STABLE_MS = 10_000;
/** Whoever gave way waits this long at least. */
const GAVE_WAY_MS = 30_000;

export const CLOSE_SESSION_ENDED = 4001;
export const CLOSE_TOO_SLOW = 4008;
export const CLOSE_TOO_MANY = 4009;

export type LinkState =
  | { kind: "stopped" }
  | { kind: "connecting"; attempt: number }
  | { kind: "up" }
  | { kind: "down"; attempt: number; retry_at_ms: number; crowded?: boolean }
  | { kind: "session_ended" };

export interface LiveSocket {
  send(text: string): void;
  close(): void;
  onopen: (() => void) | null;
  onmessage: ((event: { data: unknown }) => void) | null;
  onclose: ((event: { code: number }) => void) | null;
}

export interface LiveEnvironment {
  connect(): LiveSocket;
  nowMs(): number;
  after(delayMs: number, run: () => void): () => void;
  random(): number;
}

export interface LiveListener<Frame = LiveFrame> {
  frame(frame: Frame): void;
  link(state: LinkState): void;
}

const FRAME_TYPES: ReadonlySet<string> = new Set(["snapshot", "incident", "position", "health"]);
/** The desk also follows those who are under way. */
export const DESK_FRAME_TYPES: ReadonlySet<string> = new Set([...FRAME_TYPES, "responder"]);
/** A page of a station also follows tasks. */
export const STATION_FRAME_TYPES: ReadonlySet<string> = new Set([...FRAME_TYPES, "task"]);

/** Reads one frame; `undefined` for one of a later server's kinds, which is not ours to judge. Throws on nonsense. */
export function readFrame<Frame = LiveFrame>(data: unknown, types = FRAME_TYPES): Frame | undefined {
  if (typeof data !== "string") throw new Error("a live frame is text");
  const frame = JSON.parse(data) as { type?: unknown; cursor?: unknown };
  if (typeof frame !== "object" || frame === null || typeof frame.type !== "string") {
    throw new Error("a live frame is an object with a type");
  }
  return types.has(frame.type) ? (frame as Frame) : undefined;
}

export class LiveClient<Frame extends { cursor?: string | null } = LiveFrame> {
  private socket: LiveSocket | null = null;
  private cancelTimer: () => void = () => undefined;
  private cursor: string | null = null;
  private attempt = 0;
  private upSinceMs: number | null = null;
  private state: LinkState = { kind: "stopped" };

  constructor(
    private readonly environment: LiveEnvironment,
    private readonly listener: LiveListener<Frame>,
    private readonly types: ReadonlySet<string> = FRAME_TYPES,
  ) {}

  /** Begins, or goes on after a new log-in. A link that is down keeps to its delay. */
  start(): void {
    if (this.state.kind === "stopped" || this.state.kind === "session_ended") this.connect();
  }

  stop(): void {
    this.drop();
    this.cursor = null;
    this.attempt = 0;
    this.enter({ kind: "stopped" });
  }

  /** The browser says that the network is back: do not sit out the delay. */
  retryNow(): void {
    if (this.state.kind === "down") this.connect();
  }

  /** What is held here is doubtful though every frame was sound: ask for a snapshot, at once if the link is not down. */
  renew(): void {
    this.cursor = null;
    if (this.state.kind === "up" || this.state.kind === "connecting") this.connect();
  }

  /** Tells the server, if the link is up; whoever has to be sure says it again when it is. */
  say(message: object): void {
    if (this.state.kind === "up") this.socket?.send(JSON.stringify(message));
  }

  private enter(state: LinkState): void {
    this.state = state;
    this.listener.link(state);
  }

  private connect(): void {
    this.drop();
    this.enter({ kind: "connecting", attempt: this.attempt });
    const socket = this.environment.connect();
    this.socket = socket;
    this.awaitSound();
    socket.onopen = () => socket.send(JSON.stringify({ resume: this.cursor }));
    socket.onmessage = (event) => this.heard(event.data);
    socket.onclose = (event) => this.closed(event.code);
  }

  private heard(data: unknown): void {
    this.awaitSound();
    let frame: Frame | undefined;
    try {
      frame = readFrame<Frame>(data, this.types);
    } catch {
      this.cursor = null;
      this.lost();
      return;
    }
    if (this.state.kind !== "up") {
      this.upSinceMs = this.environment.nowMs();
      this.enter({ kind: "up" });
    }
    if (!frame) return;
    if (frame.cursor != null) this.cursor = frame.cursor;
    this.listener.frame(frame);
  }

  private closed(code: number): void {
    if (code === CLOSE_SESSION_ENDED) {
      this.drop();
      this.enter({ kind: "session_ended" });
      return;
    }
    this.lost(code);
  }

  /** Any end of a connection but the end of the session: wait a little, then resume. */
  private lost(code?: number): void {
    const now = this.environment.nowMs();
    const wasStable = this.upSinceMs !== null && now - this.upSinceMs >= STABLE_MS;
    this.attempt = wasStable ? 0 : this.attempt + 1;
    this.drop();
    const crowded = code === CLOSE_TOO_MANY;
    const wait = retryDelayMs(this.attempt, this.environment.random());
    const delay = code === CLOSE_TOO_SLOW && wasStable ? 0 : wait + (crowded ? GAVE_WAY_MS : 0);
    this.enter({ kind: "down", attempt: this.attempt, retry_at_ms: now + delay, crowded });
    this.cancelTimer = this.environment.after(delay, () => this.connect());
  }

  private awaitSound(): void {
    this.cancelTimer();
    this.cancelTimer = this.environment.after(SILENCE_MS, () => this.lost());
  }

  private drop(): void {
    this.cancelTimer();
    this.cancelTimer = () => undefined;
    this.upSinceMs = null;
    const socket = this.socket;
    this.socket = null;
    if (!socket) return;
    socket.onopen = socket.onmessage = socket.onclose = null;
    socket.close();
  }
}
