/** What pages may not lean on: WeChat's own browser, in which a relative opens the link, has no service workers. */
import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";

const root = fileURLToPath(new URL("../..", import.meta.url));
const FOLDERS = ["src", "console", "station", "family", "task"];
const files = FOLDERS.flatMap((folder) => readdirSync(`${root}/${folder}`, { recursive: true, encoding: "utf8" }).map((name) => `${folder}/${name}`))
  .filter((name) => /\.(tsx?|html)$/.test(name));

describe("the pages", () => {
  it("register no service worker", () => {
    expect(files.length).toBeGreaterThan(200);
    const sources = [...files, "index.html", "vite.config.ts"].map((name) => [name, readFileSync(`${root}/${name}`, "utf8")] as const);
    expect(sources.filter(([, text]) => /serviceWorker|workbox|vite-plugin-pwa|rel="manifest"/.test(text)).map(([name]) => name)).toEqual([]);
  });
});
