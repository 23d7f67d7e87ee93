/** The handset, and the telephones of a station and of a relative, in the browser tests, the desk behind them, and the wire between. */
import { AxeBuilder } from "@axe-core/playwright";
import assert from "node:assert/strict";
import mqtt from "mqtt";
import { assertFits, openDesk, press, until } from "./harness.mjs";
import { callAs } from "./people.mjs";

const STATION = "s-xingfu";
export const PHONE = { width: 412, height: 915 };
/** Within this a station sees what the desk did. */
export const WITHIN_MS = 5_000;

/** Stricter than elsewhere: nothing at all that axe finds. */
export async function assertGood(page, where) {
  const { violations } = await new AxeBuilder({ page }).analyze();
  assert.deepEqual(violations.map(({ id, nodes }) => `${where}: ${id} at ${nodes.map(({ target }) => target.join(" ")).join(", ")}`), []);
  await assertFits(page, where);
}

/** A wire that can be cut: what it carries then is lost, and nothing new comes up. */
async function wire(page) {
  const line = { live: true, calls: true, sockets: new Set() };
  await page.routeWebSocket(/\/api\/live/, (socket) => {
    if (!line.live) { void socket.close({ code: 1011 }); return; }
    socket.connectToServer();
    line.sockets.add(socket);
  });
  await page.route("**/api/**", (route) => (line.calls ? route.continue() : route.abort()));
  line.cut = async () => { line.live = line.calls = false; await line.close(); };
  line.close = async () => { for (const socket of line.sockets) await socket.close({ code: 1011 }); line.sockets.clear(); };
  line.mend = () => { line.live = line.calls = true; };
  return line;
}

/** The desk as a program uses it. */
export async function openOperator(platform) {
  const call = await callAs(platform, "operator");
  const openIncidents = async () => (await (await call.get("/api/incidents?state=open")).json()).items;
  const post = async (path, data) => {
    const answer = await call.post(path, { data });
    assert.equal(answer.status(), 200, `${path}: ${await answer.text()}`);
    return answer.json();
  };
  /** The open incident of a handset, as it is now. */
  const incidentOf = async (handset) => (await openIncidents()).find((each) => each.handset === handset);
  const act = async (handset, what, data = {}) => {
    const { id, version } = await incidentOf(handset);
    return post(`/api/incidents/${id}/${what}`, { expected_version: version, ...data });
  };
  const task = async (id) => (await (await call.get("/api/tasks?state=all")).json()).items.find((each) => each.id === id);
  return {
    task,
    act,
    incidentOf,
    /** A station's word, told by telephone. */
    tell: async (id, said, data = {}) => post(`/api/tasks/${id}/${said}`, { expected_version: (await task(id)).version, note: "电话里说的", ...data }),
    /** Claimed, spoken with, and closed. */
    async close(handset) {
      await act(handset, "claim");
      await act(handset, "note", { text: "已与老人通话", contact: "resident" });
      return act(handset, "close", { cause: "fall", outcome: "family_attended", note: "女儿已到家" });
    },
    /** A press, and an operator who takes it and asks the station. */
    async dispatch(handset, note, station = STATION) {
      await press(platform, handset);
      const found = await until("the incident", async () => (await openIncidents()).find((each) => each.handset === handset && each.state === "raised"));
      const claimed = await post(`/api/incidents/${found.id}/claim`, { expected_version: found.version });
      const sent = await post(`/api/incidents/${found.id}/dispatch`, { expected_version: claimed.version, stations: [station], note });
      return { incident: sent, task: sent.tasks.at(-1), name: sent.resident.name };
    },
    withdraw: async (id, reason) => post(`/api/tasks/${id}/withdraw`, { expected_version: (await task(id)).version, reason }),
    dispose: () => call.dispose(),
  };
}

/** A handset that hears what it is asked (with `#` all that it is told), and answers when it is told to. */
export async function openHandset(platform, handset, what = "command") {
  const client = await mqtt.connectAsync(`mqtt://${platform.mqtt}`, { username: handset, password: handset, clientId: `open-${handset}`, reconnectPeriod: 0 });
  const heard = [];
  client.on("message", (_topic, payload) => heard.push(JSON.parse(payload.toString())));
  await client.subscribeAsync(`jjl/${handset}/down/${what}`, { qos: 1 });
  return {
    heard,
    answer: ({ command_id }, said) => client.publishAsync(`jjl/${handset}/answer`, JSON.stringify({ command_id, ...said }), { qos: 1 }),
    end: () => client.endAsync(),
  };
}

export async function openStation(browser, platform, options = {}) {
  let line;
  const desk = await openDesk(browser, platform, { username: "station", path: "/station/", ...PHONE, ...options, onPage: async (page) => { line = await wire(page); await options.onPage?.(page); } });
  const card = (name) => desk.page.getByTestId("task").filter({ hasText: name });
  const state = (name, is) => desk.page.locator(`[data-testid=task][data-state=${is}]`).filter({ hasText: name }).waitFor({ timeout: WITHIN_MS });
  return { ...desk, line, card, state };
}

/** A relative's telephone; `incident` is what is open on it, `stage` one of its stages. */
export async function openRelative(browser, platform, options = {}) {
  let line;
  const desk = await openDesk(browser, platform, { username: "relative", path: "/family/", ...PHONE, ...options, onPage: async (page) => { line = await wire(page); await options.onPage?.(page); } });
  const incident = desk.page.locator(".incident:not(.incident-ended)");
  const stage = (name, is) => incident.locator(`[data-stage=${name}][data-is=${is}]`).waitFor({ timeout: WITHIN_MS });
  const now = (what, timeout = WITHIN_MS) => desk.page.locator(`[data-testid=incident][data-now=${what}]`).first().waitFor({ timeout });
  return { ...desk, line, incident, stage, now, sentence: desk.page.getByTestId("sentence") };
}
