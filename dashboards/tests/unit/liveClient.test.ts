import { beforeEach, describe, expect, it } from "vitest";
import { retryDelayMs } from "../../src/live/backoff";
import { LiveClient, type LinkState, type LiveSocket, SILENCE_MS } from "../../src/live/liveClient";

class FakeSocket implements LiveSocket {
  sent: string[] = [];
  isClosed = false;
  onopen: (() => void) | null = null;
  onmessage: ((event: { data: unknown }) => void) | null = null;
  onclose: ((event: { code: number }) => void) | null = null;
  send(text: string) { this.sent.push(text); }
  close() { this.isClosed = true; }
  hear(frame: unknown) { this.onmessage?.({ data: typeof frame === "string" ? frame : JSON.stringify(frame) }); }
}

/** A world with a clock that only moves when told. */
class World {
  now = 0;
  sockets: FakeSocket[] = [];
  timers: { due: number; run: () => void }[] = [];
  states: LinkState["kind"][] = [];
  last: LinkState = { kind: "stopped" };
  frames: string[] = [];
  client = new LiveClient(
    {
      connect: () => { const socket = new FakeSocket(); this.sockets.push(socket); return socket; },
      nowMs: () => this.now,
      random: () => 0.5,
      after: (delay, run) => {
        const timer = { due: this.now + delay, run };
        this.timers.push(timer);
        return () => { this.timers = this.timers.filter((each) => each !== timer); };
      },
    },
    { frame: (frame) => this.frames.push(frame.type), link: (state) => { this.last = state; this.states.push(state.kind); } },
  );
  get socket(): FakeSocket {
    const socket = this.sockets.at(-1);
    if (!socket) throw new Error("nothing was connected");
    return socket;
  }
  pass(ms: number) {
    this.now += ms;
    const due = this.timers.filter((timer) => timer.due <= this.now);
    this.timers = this.timers.filter((timer) => timer.due > this.now);
    for (const timer of due) timer.run();
  }
  up(cursor = "c1") {
    this.socket.onopen?.();
    this.socket.hear({ type: "health", cursor, health: { status: "ok", now: "2026-11-23T08:00:00Z", problems: [] } });
  }
  get state() { return this.states.at(-1); }
}

let world: World;
beforeEach(() => { world = new World(); world.client.start(); });

describe("the live link", () => {
  it("asks for a snapshot first and is up only once it has heard something", () => {
    world.socket.onopen?.();
    expect(world.socket.sent).toEqual(['{"resume":null}']);
    expect(world.state).toBe("connecting");
    world.socket.hear({ type: "snapshot", cursor: "c1", incidents: [], tasks: [], positions: [], health: {} });
    expect(world.state).toBe("up");
    expect(world.frames).toEqual(["snapshot"]);
  });

  it("is down after 12 s of silence and resumes at its last cursor", () => {
    world.up("c7");
    world.pass(SILENCE_MS - 1);
    expect(world.state).toBe("up");
    const silent = world.socket;
    world.pass(1);
    expect(world.state).toBe("down");
    expect(silent.isClosed).toBe(true);
    world.pass(10_000);
    world.socket.onopen?.();
    expect(world.socket.sent).toEqual(['{"resume":"c7"}']);
  });

  it("says nothing but its cursor until it is up", () => {
    world.socket.onopen?.();
    world.client.say({ type: "shown" });
    expect(world.socket.sent).toEqual(['{"resume":null}']);
    world.up();
    world.socket.sent = [];
    world.client.say({ type: "shown" });
    expect(world.socket.sent).toEqual(['{"type":"shown"}']);
  });

  it("is kept up by heartbeats", () => {
    world.up();
    for (let beat = 0; beat < 20; beat += 1) { world.pass(5_000); world.up(`c${beat}`); }
    expect(world.states.filter((state) => state === "down")).toEqual([]);
  });

  it("gives up on a connection that never opens", () => {
    world.pass(SILENCE_MS);
    expect(world.state).toBe("down");
  });

  it("waits longer after each failure, and starts over after a good connection", () => {
    const waits: number[] = [];
    for (let failure = 0; failure < 8; failure += 1) {
      world.socket.onclose?.({ code: 1006 });
      const timer = world.timers[0];
      waits.push((timer?.due ?? 0) - world.now);
      world.pass(waits.at(-1) ?? 0);
    }
    expect([...waits].sort((a, b) => a - b)).toEqual(waits);
    expect(waits.at(-1)).toBeLessThanOrEqual(8_000);
    world.up();
    world.pass(11_000);
    world.socket.onclose?.({ code: 1006 });
    expect((world.timers[0]?.due ?? 0) - world.now).toBeLessThan(1_000);
  });

  it("stops at 4001 and goes on at the same cursor after a new log-in", () => {
    world.up("c9");
    world.socket.onclose?.({ code: 4001 });
    expect(world.state).toBe("session_ended");
    world.pass(120_000);
    expect(world.sockets).toHaveLength(1);
    world.client.start();
    world.socket.onopen?.();
    expect(world.socket.sent).toEqual(['{"resume":"c9"}']);
  });

  it("resumes at once at 4008", () => {
    world.up("c3");
    world.pass(5_000); world.up("c4");
    world.pass(6_000);
    world.socket.onclose?.({ code: 4008 });
    world.pass(0);
    expect(world.sockets).toHaveLength(2);
    world.socket.onopen?.();
    expect(world.socket.sent).toEqual(['{"resume":"c4"}']);
  });

  it("takes nobody's place at 4009: it waits, says why, and resumes", () => {
    world.up("c3");
    world.pass(5_000); world.up("c4");
    world.pass(6_000);
    world.socket.onclose?.({ code: 4009 });
    expect(world.state).toBe("down");
    expect(world.last).toMatchObject({ kind: "down", crowded: true });
    world.pass(29_999);
    expect(world.sockets).toHaveLength(1);
    world.pass(1_000);
    expect(world.sockets).toHaveLength(2);
    world.socket.onopen?.();
    expect(world.socket.sent).toEqual(['{"resume":"c4"}']);
  });

  it("asks for a snapshot after a frame that cannot be read", () => {
    world.up("c5");
    world.socket.hear("{half a fra");
    expect(world.state).toBe("down");
    world.pass(5_000);
    world.socket.onopen?.();
    expect(world.socket.sent).toEqual(['{"resume":null}']);
  });

  it("asks for a snapshot when what it told is doubted, at once if it can", () => {
    world.up("c5");
    const doubted = world.socket;
    world.client.renew();
    expect(doubted.isClosed).toBe(true);
    world.socket.onopen?.();
    expect(world.socket.sent).toEqual(['{"resume":null}']);
    world.up("c6");
    world.socket.onclose?.({ code: 1006 });
    world.client.renew();
    expect(world.sockets).toHaveLength(2);
    world.pass(10_000);
    world.socket.onopen?.();
    expect(world.socket.sent).toEqual(['{"resume":null}']);
  });

  it("passes over frames of a kind it does not know, but remembers that the line lives", () => {
    world.up();
    world.pass(SILENCE_MS - 1);
    world.socket.hear({ type: "task", cursor: "c6", task: {} });
    world.pass(SILENCE_MS - 1);
    expect(world.state).toBe("up");
    expect(world.frames).toEqual(["health"]);
  });

  it("hears nothing from a connection it has left", () => {
    const left = world.socket;
    world.socket.onclose?.({ code: 1006 });
    left.hear({ type: "health", cursor: "c1", health: {} });
    expect(world.frames).toEqual([]);
  });

  it("comes back early when the network does, but only if it was down", () => {
    world.client.retryNow();
    expect(world.sockets).toHaveLength(1);
    world.socket.onclose?.({ code: 1006 });
    world.client.retryNow();
    expect(world.sockets).toHaveLength(2);
  });
});

describe("the delay before a retry", () => {
  it("is spread over the upper half and never longer than 8 s", () => {
    for (let attempt = 0; attempt < 60; attempt += 1) {
      expect(retryDelayMs(attempt, 0)).toBeGreaterThanOrEqual(200);
      expect(retryDelayMs(attempt, 1)).toBeLessThanOrEqual(8_000);
      expect(retryDelayMs(attempt, 0)).toBeLessThan(retryDelayMs(attempt, 1));
    }
  });
});
