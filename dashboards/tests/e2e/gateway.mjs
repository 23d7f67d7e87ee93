/** A provider of short messages on this machine: it writes down what it is asked, and says yes unless it is out of order. */
import assert from "node:assert/strict";
import { createServer } from "node:http";

const SECRET = "0123456789abcdef-test";
const REPORT = `{secret="${SECRET}",each="/reports",id_at="/id",state_at="/state",delivered=["DELIVRD"],seen=["READ"],failed=["UNDELIV"],reason_at="/why"}`;

export async function openGateway() {
  const taken = [];
  const gateway = { taken, isBroken: false };
  const server = createServer((asked, answer) => {
    let body = "";
    asked.on("data", (part) => { body += part; });
    asked.on("end", () => {
      if (gateway.isBroken) return answer.writeHead(500, { "content-type": "application/json" }).end('{"reason":"no money left"}');
      taken.push(JSON.parse(body));
      return answer.writeHead(200, { "content-type": "application/json" }).end(`{"id":"s-${taken.length}"}`);
    });
  });
  await new Promise((done) => server.listen(0, "127.0.0.1", done));
  const url = `http://127.0.0.1:${server.address().port}/send`;
  return Object.assign(gateway, {
    /** For `startPlatform`. */
    settings: { JJL_NOTIFY__SMS__URL: url, JJL_NOTIFY__SMS__FIELDS: '{mobile="{to}",text="{text}",link="{link}",id="{id}"}', JJL_NOTIFY__SMS__ID_AT: "/id", JJL_NOTIFY__SMS__REPORT: REPORT },
    /** What became of the last message to a telephone, as a provider says it later. */
    async report(platform, mobile, state) {
      const id = `s-${taken.findLastIndex((each) => each.mobile === mobile) + 1}`;
      const answer = await fetch(`${platform.http}/api/delivery/sms/${SECRET}`, { method: "POST", body: JSON.stringify({ reports: [{ id, state }] }) });
      assert.equal(answer.status, 200, await answer.text());
    },
    stop: () => new Promise((done) => { server.close(done); server.closeAllConnections(); }),
  });
}
