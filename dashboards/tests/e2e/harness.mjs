/**
 * What the browser tests stand on: the real binary (or a platform that already runs), a real browser, a real handset.
 *
 *   JJL_BIN       the program to start; `../target/debug/jujiale` unless said otherwise
 *   JJL_BASE_URL  a platform that already runs, with JJL_MQTT as its MQTT address: then nothing is started
 *   JJL_PAGES     a folder of pages newer than those in the program, such as `dist`
 */
import { AxeBuilder } from "@axe-core/playwright";
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import mqtt from "mqtt";
import { chromium } from "playwright-core";
import { servePages } from "./pages.mjs";

const here = fileURLToPath(new URL(".", import.meta.url));
const results = join(here, "../../test-results");
export const PASSWORD = "jujiale-demo";
const READY_WITHIN_MS = 60_000;
const PATIENCE_MS = 15_000;

const pause = (ms) => new Promise((done) => setTimeout(done, ms));

/** Repeats a question until it is answered with something true. */
export async function until(what, question, within_ms = PATIENCE_MS) {
  const end = Date.now() + within_ms;
  for (;;) {
    const answer = await question();
    if (answer) return answer;
    if (Date.now() > end) throw new Error(`waited ${within_ms} ms for ${what}`);
    await pause(100);
  }
}

/** `settings` are more of the program's own, as environment variables. */
export async function startPlatform(settings = {}) {
  if (process.env.JJL_BASE_URL) {
    return { http: process.env.JJL_BASE_URL, mqtt: process.env.JJL_MQTT ?? "127.0.0.1:1883", stop: async () => undefined };
  }
  const folder = mkdtempSync(join(tmpdir(), "jujiale-e2e-"));
  const program = process.env.JJL_BIN ?? join(here, "../../../target/debug/jujiale");
  const server = spawn(program, ["serve", "--demo", "--no-sim"], {
    cwd: folder,
    stdio: ["ignore", "pipe", "pipe"],
    env: {
      ...process.env, JJL_DATA__DIR: folder, JJL_HTTP__LISTEN: "127.0.0.1:0", JJL_MQTT__LISTEN: "127.0.0.1:0", JJL_MQTT__WEBSOCKET_LISTEN: "127.0.0.1:0",
      ...settings,
    },
  });
  let said = "";
  const keep = (chunk) => { said = (said + chunk).slice(-8_000); };
  server.stdout.on("data", keep);
  server.stderr.on("data", keep);
  server.on("error", (error) => keep(String(error)));
  const gone = new Promise((done) => { server.once("exit", done); server.once("error", done); });
  const endpoints = join(folder, "endpoints.json");
  try {
    await until("endpoints.json", () => existsSync(endpoints) || server.exitCode !== null || server.pid === undefined, READY_WITHIN_MS);
    const { http, mqtt: broker } = JSON.parse(readFileSync(endpoints, "utf8"));
    const pages = process.env.JJL_PAGES ? await servePages(resolve(process.env.JJL_PAGES), http) : null;
    const stop = async () => {
      await pages?.stop();
      server.kill("SIGTERM");
      await Promise.race([gone, pause(10_000).then(() => server.kill("SIGKILL"))]);
      rmSync(folder, { recursive: true, force: true });
    };
    return { http: pages?.http ?? http, mqtt: broker, stop };
  } catch (error) {
    server.kill("SIGKILL");
    throw new Error(`${program} did not become ready: ${error.message}\n${said}`, { cause: error });
  }
}

export const startBrowser = () =>
  chromium.launch({
    executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
    args: [
      "--no-sandbox", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync",
      "--use-angle=swiftshader", "--enable-unsafe-swiftshader",
    ],
  });

/**
 * Watches the sound from inside the page, before its own code runs: `page.evaluate` would count as a gesture and wake
 * an AudioContext that a real operator's browser leaves asleep.
 */
function watchSound() {
  const contexts = [];
  const looping = new Set();
  const Context = window.AudioContext;
  window.AudioContext = class extends Context {
    constructor(...options) { super(...options); contexts.push(this); }
  };
  const { start, stop } = AudioBufferSourceNode.prototype;
  AudioBufferSourceNode.prototype.start = function (...when) { if (this.loop) looping.add(this); return start.apply(this, when); };
  AudioBufferSourceNode.prototype.stop = function (...when) { looping.delete(this); return stop.apply(this, when); };
  setInterval(() => {
    const state = contexts.at(-1)?.state ?? "none";
    document.documentElement.dataset.sound = `${state}/${looping.size}`;
  }, 100);
}

/** A desk of one operator in a browser context of its own; `as` says what else that browser is. */
export async function openDesk(browser, platform, { username, password, width = 1400, height = 900, language = "zh-Hans", path = "/", as = {}, onPage } = {}) {
  const context = await browser.newContext({ viewport: { width, height }, locale: "zh-CN", baseURL: platform.http, reducedMotion: "reduce", ...as });
  await context.addInitScript(watchSound);
  await context.addInitScript((remembered) => localStorage.setItem("jujiale.console.language", remembered), language);
  const page = await context.newPage();
  page.setDefaultTimeout(PATIENCE_MS);
  const faults = [];
  page.on("pageerror", (error) => faults.push(error.message));
  page.on("console", (message) => { if (/Content Security Policy/i.test(message.text())) faults.push(message.text()); });
  await onPage?.(page);
  await page.goto(path);
  const desk = {
    page, context, faults,
    row: (name) => page.locator(".row", { hasText: name }),
    sound: (value) => page.locator(`html[data-sound="${value}"]`).waitFor({ state: "attached" }),
    picture: (name) => { mkdirSync(results, { recursive: true }); return page.screenshot({ path: join(results, `${name}.png`) }); },
  };
  if (username) await logIn(page, username, { password });
  return desk;
}

export async function logIn(page, username, { password = PASSWORD, shows = ".link-up" } = {}) {
  await page.locator("input[name=username]").fill(username);
  await page.locator("input[name=password]").fill(password);
  await page.locator("form button[type=submit]").click();
  await page.locator(shows).waitFor();
}

let presses = 0;

/** A press as the handset's firmware sends it, at QoS 1. Resolves once the platform has acknowledged it. */
export async function press(platform, handset, change = {}, secret = handset) {
  presses += 1;
  const client = await mqtt.connectAsync(`mqtt://${platform.mqtt}`, { username: handset, password: secret, clientId: `e2e-${process.pid}-${presses}`, reconnectPeriod: 0 });
  const message = {
    press_id: `e2e-${process.pid}-${Date.now()}-${presses}`, boot: "e2e", seq: presses, pressed_at: new Date().toISOString(),
    fix: { boot: "e2e", seq: 1_000 + presses, fix_time: new Date().toISOString(), lat: 33.9631, lon: 118.2769, accuracy_m: 18, method: "gps" },
    battery_pct: 62, ...change,
  };
  // Whoever is sent away before the answer waits for none.
  const closed = new Promise((_, reject) => client.once("close", () => reject(new Error("closed before it was acknowledged"))));
  closed.catch(() => {});
  await Promise.race([client.publishAsync(`jjl/${handset}/press`, JSON.stringify(message), { qos: 1 }), closed]);
  await client.endAsync();
  return message;
}

/** A morning's walk, one fix every ten seconds, sent at once as a handset does that was out of reach. */
export async function walk(platform, handset) {
  presses += 1;
  const client = await mqtt.connectAsync(`mqtt://${platform.mqtt}`, { username: handset, password: handset, clientId: `e2e-${process.pid}-${presses}`, reconnectPeriod: 0 });
  const now = Date.now();
  const fixes = Array.from({ length: 480 }, (_, n) => ({
    seq: n, fix_time: new Date(now - (480 - n) * 30_000).toISOString(), accuracy_m: n % 60 === 7 ? 900 : 12, method: "gps",
    lat: 33.9600 + 0.006 * Math.sin(n / 80) + 0.00004 * Math.sin(n), lon: 118.2757 + 0.008 * Math.sin(n / 53) + 0.00004 * Math.cos(n),
  }));
  await client.publishAsync(`jjl/${handset}/fix`, JSON.stringify({ boot: `walk-${presses}`, fixes }), { qos: 1 });
  await client.endAsync();
}

/** The name of the resident who wears a handset, asked of the API as an operator would. */
export async function residentOf(desk, handset) {
  const { items } = await (await desk.context.request.get(`/api/residents?q=${encodeURIComponent(handset)}`)).json();
  const found = items.find((resident) => resident.handset === handset);
  if (!found) throw new Error(`nobody wears ${handset}`);
  return found;
}

/** Opens one of the entries behind the one button in the header. */
export async function manage(page, entry) {
  await page.locator(".manage-menu > button").click();
  await page.locator("#manage-entries").getByRole("button", { name: entry }).click();
  await page.getByRole("dialog").waitFor();
}

/** The question that is asked before something is done, and the answer yes. */
export const asked = (page) => page.locator(".ant-modal-confirm");
export const confirm = (page) => asked(page).getByRole("button").last().click();

/** What is shown once, read off the page as a person would. */
export async function shownOnce(page) {
  await page.getByTestId("shown-once").locator("svg").waitFor();
  await page.getByTestId("shown-once").scrollIntoViewIfNeeded();
  return page.getByTestId("secret-text").innerText();
}

export async function assertAccessible(page, where) {
  const { violations } = await new AxeBuilder({ page }).analyze();
  const grave = violations.filter(({ impact }) => impact === "serious" || impact === "critical");
  const told = grave.flatMap(({ id, help, nodes }) => nodes.map(({ target }) => `${where}: ${id} (${help}) at ${target.join(" ")}`));
  assert.deepEqual(told, []);
}

export async function assertFits(page, where) {
  // Only a look at the layout, after every sound check: an evaluation counts as a gesture.
  const over = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  assert.ok(over <= 0, `${where} is ${over} px too wide`);
}

export async function assertGood(page, where) {
  await assertAccessible(page, where);
  await assertFits(page, where);
}
