/** A provider of short messages on this machine: it writes down what it is asked, and says yes unless it is out of order. */
import { createServer } from "node:http";

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
    settings: { JJL_NOTIFY__SMS__URL: url, JJL_NOTIFY__SMS__FIELDS: '{mobile="{to}",text="{text}",link="{link}",id="{id}"}', JJL_NOTIFY__SMS__ID_AT: "/id" },
    stop: () => new Promise((done) => { server.close(done); server.closeAllConnections(); }),
  });
}
