/** The live client's surroundings in a browser. */
import type { LiveEnvironment, LiveSocket } from "./liveClient";

export function browserEnvironment(path = "/api/live"): LiveEnvironment {
  return {
    connect() {
      const url = new URL(path, window.location.href);
      url.protocol = url.protocol === "https:" ? "wss:" : "ws:";
      return new WebSocket(url) as LiveSocket;
    },
    nowMs: () => performance.now(),
    after(delayMs, run) {
      const timer = window.setTimeout(run, delayMs);
      return () => window.clearTimeout(timer);
    },
    random: Math.random,
  };
}
