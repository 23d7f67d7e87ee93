/* A handset by MQTT.js: presses at every quality of service, hears its receipts, and leaves a will.
 *
 * The one argument is JSON: transport (tcp, tls, websocket, websocket_tls, page, page_tls), port, version (4 or 5), handset, ca, prefix.
 * The will of the first session must not be published, for it says good-bye; the second one dies without a word.
 */
import { EventEmitter, on } from "node:events";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

const PATIENCE_MS = 30_000;
const SCHEMES = { tcp: "mqtt", tls: "mqtts", websocket: "ws", websocket_tls: "wss", page: "ws", page_tls: "wss" };

// The dashboards' tests have the library already.
const mqtt = createRequire(new URL("../../dashboards/package.json", import.meta.url))("mqtt");
const job = JSON.parse(process.argv[2]);
const topic = (kind) => `jjl/${job.handset}/${kind}`;

function press(name) {
  const at = new Date().toISOString();
  return JSON.stringify({ press_id: `${job.prefix}-${name}`, boot: "b", seq: 1, pressed_at: at, fix: null });
}

async function connect(will) {
  const isPage = job.transport.startsWith("page");
  const path = isPage || job.transport.startsWith("websocket") ? "/mqtt" : "";
  // A browser names the origin of its page, which is that of the port.
  const origin = `${job.ca ? "https" : "http"}://127.0.0.1:${job.port}`;
  const client = await mqtt.connectAsync(`${SCHEMES[job.transport]}://127.0.0.1:${job.port}${path}`, {
    protocolVersion: job.version,
    clientId: `${job.handset}-mqttjs`,
    username: job.handset,
    password: job.handset,
    will: { topic: topic("press"), payload: press(will), qos: 1, retain: false },
    ca: job.ca && readFileSync(job.ca),
    ...(isPage && { wsOptions: { origin } }),
    reconnectPeriod: 0,
    connectTimeout: PATIENCE_MS,
  });
  const granted = await client.subscribeAsync(topic("down/#"), { qos: 1 });
  if (granted[0]?.qos !== 1) throw new Error(`granted ${JSON.stringify(granted)}`);
  return client;
}

async function pressAndHear(client, qos) {
  const heard = new EventEmitter();
  const listen = (at, payload) => heard.emit("message", at, JSON.parse(payload));
  const messages = on(heard, "message", { signal: AbortSignal.timeout(PATIENCE_MS) });
  client.on("message", listen);
  await client.publishAsync(topic("press"), press(`q${qos}`), { qos });
  for await (const [at, said] of messages) {
    if (at === topic("down/receipt") && said.press_id === `${job.prefix}-q${qos}`) break;
  }
  client.off("message", listen);
}

const polite = await connect("polite-will");
for (const qos of [0, 1, 2]) await pressAndHear(polite, qos);
await polite.endAsync();
await connect("will");
process.exit(0);
