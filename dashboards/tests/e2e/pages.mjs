/** Puts newly built pages in front of a program that carries older ones: files of the folder first, everything else from it. */
import { createReadStream, existsSync, statSync } from "node:fs";
import { createServer, request } from "node:http";
import { connect } from "node:net";
import { extname, join, normalize } from "node:path";

const KINDS = { ".html": "text/html; charset=utf-8", ".js": "text/javascript", ".mjs": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml", ".json": "application/json" };

function fileFor(folder, url) {
  const path = normalize(decodeURIComponent(new URL(url, "http://pages").pathname));
  const file = join(folder, path.endsWith("/") ? `${path}index.html` : path);
  return file.startsWith(folder) && existsSync(file) && statSync(file).isFile() ? file : null;
}

/** Resolves with its address and how to stop it. `program` is the address of the program behind. */
export async function servePages(folder, program) {
  const behind = new URL(program);
  // The pages are held to the same policy as those the program carries.
  const policy = (await fetch(program)).headers.get("content-security-policy") ?? "";
  const pages = createServer((asked, answer) => {
    const file = asked.method === "GET" ? fileFor(folder, asked.url) : null;
    if (file) {
      answer.writeHead(200, { "content-type": KINDS[extname(file)] ?? "application/octet-stream", "cache-control": "no-cache", ...(policy && { "content-security-policy": policy }) });
      return createReadStream(file).pipe(answer);
    }
    const on = request({ host: behind.hostname, port: behind.port, method: asked.method, path: asked.url, headers: asked.headers }, (said) => {
      answer.writeHead(said.statusCode, said.headers);
      said.pipe(answer);
    });
    on.on("error", () => answer.destroy());
    answer.on("close", () => on.destroy());
    return asked.pipe(on);
  });
  pages.on("upgrade", (asked, socket, first) => {
    const on = connect(Number(behind.port), behind.hostname, () => {
      const headers = asked.rawHeaders.reduce((text, word, n) => text + word + (n % 2 === 0 ? ": " : "\r\n"), "");
      on.write(`${asked.method} ${asked.url} HTTP/1.1\r\n${headers}\r\n`);
      on.write(first);
      socket.pipe(on).pipe(socket);
    });
    for (const [each, other] of [[on, socket], [socket, on]]) {
      each.on("error", () => other.destroy());
      each.on("close", () => other.destroy());
    }
  });
  await new Promise((done) => pages.listen(0, "127.0.0.1", done));
  const stop = () => new Promise((done) => { pages.close(done); pages.closeAllConnections(); });
  return { http: `http://127.0.0.1:${pages.address().port}`, stop };
}
