/**
 * A cable between one desk and the platform that can be pulled: nothing passes any more, and neither end is told, as when
 * a switch loses its power. An end that is closed in order is another thing, and much easier to notice.
 */
import { connect, createServer } from "node:net";

export async function openCable(platform) {
  const to = new URL(platform.http);
  const sockets = new Set();
  let isPulled = false;
  const pass = (from, on) => from.on("data", (part) => { if (!isPulled) on.write(part); });
  const server = createServer({ allowHalfOpen: true }, (desk) => {
    const far = connect({ port: Number(to.port), host: to.hostname, allowHalfOpen: true });
    pass(desk, far);
    pass(far, desk);
    for (const [end, other] of [[desk, far], [far, desk]]) {
      sockets.add(end);
      end.on("error", () => undefined);
      end.on("end", () => { if (!isPulled) other.end(); });
      end.on("close", () => { sockets.delete(end); if (!isPulled) other.destroy(); });
    }
  });
  await new Promise((done) => server.listen(0, "127.0.0.1", done));
  return {
    ...platform,
    http: `http://127.0.0.1:${server.address().port}`,
    pull: () => { isPulled = true; },
    /** The old connections are dead for good; new ones pass. */
    plug: () => { for (const socket of sockets) socket.destroy(); isPulled = false; },
    remove: () => new Promise((done) => { for (const socket of sockets) socket.destroy(); server.close(done); }),
  };
}
