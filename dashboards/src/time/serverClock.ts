/**
 * The server's clock, as far as it can be known here.
 *
 * Ages on the screen are reckoned by the server's time, never by the desk's: an operator's computer may be wrong by an
 * hour. Each health frame anchors the server's time to the browser's monotonic clock; between frames it runs on that.
 */
export interface ServerClock {
  anchor(serverTime: string): void;
  /** Milliseconds since 1970 by the server's clock; the desk's own clock until the server has spoken. */
  nowMs(): number;
  isAnchored(): boolean;
}

export function createServerClock(monotonicMs: () => number, deskMs: () => number): ServerClock {
  let offsetMs: number | null = null;
  return {
    anchor(serverTime) {
      const time = Date.parse(serverTime);
      if (!Number.isNaN(time)) offsetMs = time - monotonicMs();
    },
    nowMs: () => (offsetMs === null ? deskMs() : monotonicMs() + offsetMs),
    isAnchored: () => offsetMs !== null,
  };
}
