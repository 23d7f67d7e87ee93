/** What the pages of a station and of the family answer over their links: what came, and whether anybody can see it. */
import { beforeEach, describe, expect, it, vi } from "vitest";
import type { Incident, Session, Task } from "../../src/api/types";
import type { LiveSocket } from "../../src/live/liveClient";
import { at, incident, task } from "./make";

const { socket, said, page } = vi.hoisted(() => {
  const said: unknown[] = [];
  const socket: LiveSocket = { send: (text) => void said.push(JSON.parse(text)), close: () => undefined, onopen: null, onmessage: null, onclose: null };
  const page = { visibilityState: "visible", turns: [] as (() => void)[], addEventListener: (_kind: string, turn: () => void) => void page.turns.push(turn) };
  vi.stubGlobal("document", page);
  return { socket, said, page };
});
vi.mock("../../src/live/environment", () => ({ browserEnvironment: () => ({ connect: () => socket, nowMs: () => 0, after: () => () => undefined, random: () => 0 }) }));
vi.mock("../../src/live/watch", () => ({ askAboutSession: () => undefined, retryWhenBack: () => undefined }));
vi.mock("../../src/time/useNow", () => ({ serverClock: { anchor: () => undefined }, tick: () => undefined }));
vi.mock("../../station/session/session", () => ({ askWhoIsIn: () => undefined, session: {} }));
vi.mock("../../station/shift/kept", () => ({ keep: () => undefined }));
vi.mock("../../family/session/session", () => ({ askWhoIsIn: () => undefined, session: {} }));
vi.mock("../../family/live/whom", () => ({ askForAll: () => undefined, clearUp: () => undefined, keepPerson: () => undefined, renewPlaces: () => undefined }));

const visit: Task = { ...task(), incident_id: "i-1", severity: "life", drill: false, resident: { id: "r-1", name: "王秀英" }, position: null };
const me = (role: Session["role"], locked = false) => ({ kind: "in" as const, me: { username: "zhao", role, must_change_password: false, must_add_second_factor: false, locked } as Session });

const hear = (frame: object): void => socket.onmessage?.({ data: JSON.stringify(frame) });
const snapshot = (tasks: Task[], incidents: Incident[]) => ({ type: "snapshot", cursor: "c", tasks, incidents, positions: [], responders: [], health: { status: "ok", now: at(0), problems: [] } });

/** What was said since the last time, but for the hello. */
const shown = (): unknown[] => said.splice(0).filter((words) => (words as { type?: string }).type === "shown");

function turn(visibility: "visible" | "hidden"): void {
  page.visibilityState = visibility;
  for (const heard of page.turns) heard();
}

beforeEach(() => {
  vi.resetModules();
  said.length = 0;
  page.turns.length = 0;
  page.visibilityState = "visible";
});

describe("a station's page", () => {
  it("has a task behind its cover, and shows it once that is taken away", async () => {
    const { useStation } = await import("../../station/state/store");
    const { liveLink, startLink } = await import("../../station/live/link");
    const { uncover } = await import("../../station/shift/cover");
    useStation.setState({ session: me("station"), covered: true });
    startLink();
    liveLink.start();
    const words = (visible: boolean) => [{ type: "shown", incident: "i-1", task: "t-1", visible }];
    hear(snapshot([visit], []));
    expect(shown()).toEqual(words(false));
    uncover();
    expect(shown()).toEqual(words(true));
    turn("hidden");
    expect(shown()).toEqual(words(false));
    useStation.setState({ tab: "ended" });
    turn("visible");
    expect(shown()).toEqual(words(false));
    useStation.setState({ tab: "live" });
    expect(shown()).toEqual(words(true));
    hear({ type: "task", cursor: "d", task: { ...visit, version: 2, state: "acknowledged" } });
    expect(shown()).toEqual([]);
  });
});

describe("the family's page", () => {
  it("shows what is open, and nothing while it is locked or stands behind another", async () => {
    const { useFamily } = await import("../../family/state/store");
    const { liveLink, startLink } = await import("../../family/live/link");
    useFamily.setState({ session: me("relative", true) });
    startLink();
    liveLink.start();
    const words = (visible: boolean) => [{ type: "shown", incident: "i-1", visible }];
    hear(snapshot([], [incident()]));
    expect(shown()).toEqual(words(false));
    useFamily.setState({ session: me("relative") });
    expect(shown()).toEqual(words(true));
    turn("hidden");
    hear({ type: "incident", cursor: "d", incident: incident({ version: 2 }) });
    expect(shown()).toEqual([...words(false), ...words(false)]);
    turn("visible");
    expect(shown()).toEqual(words(true));
    hear({ type: "incident", cursor: "e", incident: incident({ version: 3, state: "closed" }) });
    expect(shown()).toEqual([]);
  });
});
