/**
 * The rules of this folder that a compiler does not know:
 * - `src/api/schema.ts` is exactly what `openapi.json` gives, so no shape of the API is changed by hand;
 * - sources stay small enough to be read in one sitting;
 * - the lock file names no registry, so that it works with any mirror.
 */
import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const at = (path) => join(root, path);
const LONGEST_LINES = 250;
const GENERATED = new Set(["src/api/schema.ts"]);

function schemaDrift() {
  const folder = mkdtempSync(join(tmpdir(), "jujiale-schema-"));
  try {
    const fresh = join(folder, "schema.ts");
    execFileSync(process.execPath, [at("node_modules/openapi-typescript/bin/cli.js"), at("openapi.json"), "-o", fresh], { stdio: "pipe" });
    const same = readFileSync(fresh, "utf8") === readFileSync(at("src/api/schema.ts"), "utf8");
    return same ? [] : ["src/api/schema.ts is not what openapi.json gives: run `npm run generate` and commit both"];
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function* sources(folder) {
  for (const name of readdirSync(folder)) {
    const path = join(folder, name);
    if (statSync(path).isDirectory()) yield* sources(path);
    else if (/\.(tsx?|mjs|css)$/.test(name)) yield path;
  }
}

function longFiles() {
  return ["src", "console", "station", "family", "task", "tests", "scripts"]
    .flatMap((folder) => [...sources(at(folder))])
    .map((path) => ({ path: relative(root, path), lines: readFileSync(path, "utf8").split("\n").length - 1 }))
    .filter(({ path, lines }) => lines > LONGEST_LINES && !GENERATED.has(path))
    .map(({ path, lines }) => `${path} has ${lines} lines; ${LONGEST_LINES} is the limit`);
}

function registryHosts() {
  const named = readFileSync(at("package-lock.json"), "utf8").includes('"resolved"');
  return named ? ["package-lock.json names a registry: keep `omit-lockfile-registry-resolved=true` in .npmrc"] : [];
}

const faults = [...schemaDrift(), ...longFiles(), ...registryHosts()];
for (const fault of faults) console.error(`✗ ${fault}`);
if (faults.length > 0) process.exit(1);
console.log("✓ schema, file lengths and lock file are in order");
