import { describe, expect, it } from "vitest";
import type { Health, LiveFrame } from "../../src/api/types";
import { emptyLive, type LiveState, wholeOf, withFrame, withIncident } from "../../console/state/liveStore";
import { withLink } from "../../src/live/linkFacts";
import { at, incident, responder } from "./make";

const health: Health = { status: "ok", now: "2026-11-23T08:00:00Z", problems: [] };
const after = (state: LiveState, change: Partial<LiveState>): LiveState => ({ ...state, ...change });
const snapshot = (...incidents: ReturnType<typeof incident>[]): LiveFrame => ({ type: "snapshot", cursor: "c", incidents, tasks: [], positions: [], responders: [], health });

describe("what the desk knows", () => {
  it("is not set back by a frame older than the answer to our own command", () => {
    const claimed = after(emptyLive, withIncident(emptyLive, incident({ version: 3, state: "claimed" })));
    expect(withIncident(claimed, incident({ version: 2 }))).toEqual({});
    const again = after(claimed, withFrame(claimed, snapshot(incident({ version: 2 }))));
    expect(again.incidents["i-1"]?.state).toBe("claimed");
  });

  it("moves a closed incident out of the queue and keeps it readable", () => {
    const open = after(emptyLive, withIncident(emptyLive, incident()));
    const closed = after(open, withIncident(open, incident({ version: 2, state: "closed" })));
    expect(closed.incidents).toEqual({});
    expect(closed.closed["i-1"]?.version).toBe(2);
    expect(withIncident(closed, incident({ version: 1 }))).toEqual({});
  });

  it("keeps a closed incident as the answer told it when the screen is told the same in short", () => {
    const closed = { at: at(9), by: "li", cause: "fall", outcome: "family_attended", note: "" };
    const ended = (version: number, name: string) => incident({ version, state: "closed", closed, resident: { id: "r-1", name } });
    const whole = after(emptyLive, withIncident(emptyLive, ended(3, "王秀英")));
    expect(withIncident(whole, ended(3, ""))).toEqual({});
    const short = after(emptyLive, withIncident(emptyLive, ended(3, "")));
    expect(after(short, withIncident(short, ended(3, "王秀英"))).closed["i-1"]?.resident?.name).toBe("王秀英");
  });

  it("lets a snapshot take away what is no longer open", () => {
    const open = after(emptyLive, withIncident(emptyLive, incident({ id: "gone" })));
    const next = after(open, withFrame(open, snapshot(incident())));
    expect(Object.keys(next.incidents)).toEqual(["i-1"]);
  });

  it("follows who is under way until they are to be seen no more", () => {
    const told = (state: LiveState, change: Parameters<typeof responder>[0]) => after(state, withFrame(state, { type: "responder", cursor: "c", responder: responder(change) }));
    const moved = { ...responder().position!, distance_m: 300, at: at(10) };
    const two = told(told(told(emptyLive, {}), { task: "t-2" }), { position: moved });
    expect([two.responders["t-1"]?.position?.distance_m, Object.keys(two.responders).sort()]).toEqual([300, ["t-1", "t-2"]]);
    expect(Object.keys(told(two, { position: null }).responders)).toEqual(["t-2"]);
    const afresh = withFrame(two, { ...snapshot(), responders: [responder({ task: "t-3" })] } as LiveFrame);
    expect(Object.keys(afresh.responders ?? {})).toEqual(["t-3"]);
  });

  it("shows a closed one whole, and acts on what there is now", () => {
    const closed = { by: "op", at: at(5), cause: "fall", outcome: "other", note: "摔倒" };
    const told = incident({ state: "closed", version: 8, closed } as Parameters<typeof incident>[0]);
    const short = (version: number) => ({ ...told, version, resident: null, closed: { ...closed, note: "" } }) as typeof told;
    expect(wholeOf(undefined, null)).toBeNull();
    expect(wholeOf(undefined, told)).toBe(told);
    expect(wholeOf(short(8), null)?.closed?.note).toBe("");
    expect(wholeOf(short(7), told)).toBe(told);
    expect(wholeOf(short(8), told)).toBe(told);
    // A note by somebody else: it can be reopened upon that.
    expect(wholeOf(short(9), told)).toEqual({ ...told, version: 9 });
    const reopened = incident({ state: "claimed", version: 10 });
    expect(wholeOf(reopened, told)).toBe(reopened);
    // Closed again in the short form, while the answer is of the time in which it was open.
    expect(wholeOf(short(11), reopened)?.version).toBe(11);
    expect(wholeOf(short(11), reopened)?.state).toBe("closed");
  });

  it("remembers since when the link is lost", () => {
    const up = after(emptyLive, withLink(emptyLive, { kind: "up" }, 1));
    const down = after(up, withLink(up, { kind: "down", attempt: 1, retry_at_ms: 9 }, 5));
    expect(after(down, withLink(down, { kind: "connecting", attempt: 1 }, 8)).lostAtMs).toBe(5);
    expect(withLink(down, { kind: "up" }, 9).lostAtMs).toBeNull();
  });
});
