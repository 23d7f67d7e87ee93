/// <reference types="vitest/config" />
import { fileURLToPath } from "node:url";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

const page = (path: string) => fileURLToPath(new URL(path, import.meta.url));

// One page for each kind of user. The console is the page at `/`; a further page is a folder of its own with an
// `index.html` (served at `/<folder>/`) and one more line in `input`. What pages share lives in `src/`.
export default defineConfig({
  plugins: [react()],
  build: {
    outDir: "dist",
    assetsDir: "assets",
    // A strict Content-Security-Policy has no room for data: scripts or workers.
    assetsInlineLimit: 0,
    // maplibre-gl is one chunk of this size; it is loaded only where a map is shown.
    chunkSizeWarningLimit: 1_600,
    rolldownOptions: { input: { console: page("index.html"), station: page("station/index.html"), family: page("family/index.html"), task: page("task/index.html") } },
  },
  worker: { format: "es" },
  server: {
    host: "127.0.0.1",
    port: 5173,
    proxy: { "/api": { target: process.env.JJL_BASE_URL ?? "http://127.0.0.1:8080", ws: true } },
  },
  test: { include: ["tests/unit/**/*.test.ts"], environment: "node" },
});
