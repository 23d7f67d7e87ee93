/** What a page still knows once the session of whoever was in has ended: it may have been ended because the device is lost. */
import type { QueryClient } from "@tanstack/react-query";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { dropTyped, keepTyped, typedCall } from "../../console/call/typed";
import { startLock } from "../../console/lock/lock";
import { useDesk } from "../../console/state/deskStore";
import { emptyLive, useLive } from "../../console/state/liveStore";
import { queries as deskQueries } from "../../console/state/queries";
import { session as familySession } from "../../family/session/session";
import { queries as familyQueries, useFamily } from "../../family/state/store";
import type { LivePosition, Session, Task } from "../../src/api/types";
import { calling, emptyBoard as familyBoard, withIncidents } from "../../src/family/board";
import { emptyBoard, ringing, withTasks } from "../../src/task/board";
import { session as stationSession } from "../../station/session/session";
import { queries as stationQueries, useStation } from "../../station/state/store";
import { incident, responder, task } from "./make";

const { link, gone } = vi.hoisted(() => ({ link: { start: vi.fn(), stop: vi.fn(), renew: vi.fn() }, gone: { modals: vi.fn(), notifications: vi.fn(), paper: vi.fn() } }));
vi.mock("antd", () => ({ Modal: { destroyAll: gone.modals } }));
vi.mock("../../src/paper/print", () => ({ dropPaper: gone.paper }));
vi.mock("../../console/live/link", () => ({ liveLink: link }));
vi.mock("../../console/shift/alarm", () => ({ closeNotifications: gone.notifications }));
vi.mock("../../console/session/session", () => ({ askWhoIsIn: () => undefined, markLocked: () => undefined }));
vi.mock("../../station/live/link", () => ({ liveLink: link }));
vi.mock("../../station/shift/bell", () => ({ startBell: () => undefined }));
vi.mock("../../family/live/link", () => ({ liveLink: link }));
vi.mock("../../family/alarm/bell", () => ({ startBell: () => undefined }));

const PERSON = { id: "r-1", name: "王秀英" };
const WORDS = ["王秀英", "demo-0001", "118.2", "敲门要久一点"];
const position = { handset: "demo-0001", resident: "r-1", lat: 33.9, lon: 118.2 } as LivePosition;
const visit: Task = { ...task({ note: "敲门要久一点" }), incident_id: "i-1", severity: "life", drill: false, resident: PERSON, position: null };
const me = (role: Session["role"], locked = false) => ({ username: "zhao", role, must_change_password: false, must_add_second_factor: false, locked }) as Session;
const asked = (queries: QueryClient): number => queries.getQueryCache().getAll().length;

function namesNobody(state: object): void {
  const text = JSON.stringify(state);
  for (const word of WORDS) expect(text).not.toContain(word);
}

startLock();
beforeEach(() => {
  vi.clearAllMocks();
  for (const queries of [deskQueries, familyQueries, stationQueries]) queries.clear();
});

describe("a desk whose session has ended", () => {
  const sits = (dialog: "call" | "note"): void => {
    useDesk.setState({ session: { kind: "in", me: me("operator") }, opened: "i-1", dialog, news: { incident: "i-1", tone: "good", words: "王秀英", version: 1 } });
    useLive.setState({ ...emptyLive, incidents: { "i-1": incident() }, closed: { old: incident({ id: "old", state: "closed" }) }, positions: { "demo-0001": position }, responders: { "t-1": responder() } });
    deskQueries.setQueryData(["resident", "r-1"], PERSON);
  };
  const ends = (): void => useDesk.setState({ session: { kind: "ended", me: me("operator") } });

  it("keeps nobody's name, place or card, and what counts and sounds", () => {
    sits("note");
    ends();
    namesNobody({ ...useLive.getState(), ...useDesk.getState() });
    expect([asked(deskQueries), Object.keys(useLive.getState().incidents), useDesk.getState().dialog, useDesk.getState().opened]).toEqual([0, ["i-1"], null, "i-1"]);
    for (const act of [gone.modals, gone.notifications, gone.paper, link.stop]) expect(act).toHaveBeenCalledTimes(1);
  });
  it("takes no name from an answer that was under way", () => {
    sits("note");
    ends();
    useLive.setState({ incidents: { "i-1": incident({ version: 2 }) } });
    namesNobody(useLive.getState());
  });
  it("is told everything anew once the same person is in again", () => {
    sits("note");
    ends();
    link.renew.mockClear();
    useDesk.setState({ session: { kind: "in", me: me("operator") } });
    expect(link.renew).toHaveBeenCalledTimes(1);
  });
  it("keeps the words of a call that was being typed, which a lock does not", () => {
    const call = { caller: "邻居", words: "写到一半" };
    sits("call");
    keepTyped(call);
    ends();
    dropTyped();
    expect([useDesk.getState().dialog, typedCall()]).toEqual(["call", call]);
    sits("call");
    useDesk.setState({ session: { kind: "in", me: me("operator", true) } });
    dropTyped();
    expect([useDesk.getState().dialog, typedCall()]).toEqual([null, { caller: "", words: "" }]);
  });
});

describe("a station's telephone whose session has ended", () => {
  it("keeps nobody's name, place or card, and rings on", () => {
    useStation.setState({ session: { kind: "in", me: me("station") }, board: withTasks(emptyBoard, [visit]), incidents: { "i-1": incident() } });
    stationQueries.setQueryData(["resident", "r-1"], PERSON);
    stationSession.ended();
    const { board, incidents, session } = useStation.getState();
    namesNobody({ board, incidents });
    expect([session.kind, asked(stationQueries), ringing(board)]).toEqual(["ended", 0, "life"]);
    expect(link.stop).toHaveBeenCalledTimes(1);
    // The same version is told again after the next log-in.
    expect(withTasks(board, [visit]).tasks["t-1"]?.resident).toEqual(PERSON);
  });
});

describe("a relative's telephone whose session has ended", () => {
  it("keeps nobody's name, place or card, and rings on", () => {
    const board = withIncidents(familyBoard, [incident(), incident({ id: "old", state: "closed" })]);
    useFamily.setState({ session: { kind: "in", me: me("relative") }, access: "granted", people: [PERSON], positions: { "demo-0001": position }, board });
    familyQueries.setQueryData(["card", "r-1"], PERSON);
    familySession.ended();
    const { session, ...state } = useFamily.getState();
    namesNobody({ ...state, session: session.kind });
    expect([session.kind, asked(familyQueries), state.access, calling(state.board).map(({ id }) => id)]).toEqual(["ended", 0, "asking", ["i-1"]]);
    expect(link.stop).toHaveBeenCalledTimes(1);
    expect(withIncidents(state.board, [incident()]).incidents["i-1"]?.resident).toEqual(PERSON);
  });
});

describe("a page at which nobody was", () => {
  it("has nothing to forget", () => {
    useStation.setState({ session: { kind: "asking" } });
    stationSession.ended();
    expect([useStation.getState().session.kind, link.stop.mock.calls.length]).toEqual(["nobody", 0]);
  });
});
