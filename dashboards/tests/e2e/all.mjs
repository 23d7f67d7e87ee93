/**
 * All browser tests. Those that wait for minutes, because what they show takes minutes, run beside the others: they use the machine
 * for seconds. The others run two at a time: each waits for its platform and its browser about as long as it keeps a core busy.
 */
import { spawn } from "node:child_process";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const WAITING = ["waits.spec.mjs"];
const here = fileURLToPath(new URL(".", import.meta.url));
const specs = readdirSync(here).filter((name) => name.endsWith(".spec.mjs")).sort();

/** Resolves with its exit code; what it says is kept until then unless it is heard at once. */
function run(names, atOnce, stdio) {
  const child = spawn(process.execPath, ["--test", `--test-concurrency=${atOnce}`, ...names.map((name) => join(here, name))], { stdio: ["ignore", stdio, stdio] });
  let said = "";
  for (const stream of [child.stdout, child.stderr]) stream?.on("data", (chunk) => { said += chunk; });
  return new Promise((done) => child.on("close", (code) => done({ code: code ?? 1, said })));
}

const beside = run(WAITING, 1, "pipe");
const others = await run(specs.filter((name) => !WAITING.includes(name)), 2, "inherit");
const { code, said } = await beside;
process.stdout.write(said);
process.exit(others.code || code);
