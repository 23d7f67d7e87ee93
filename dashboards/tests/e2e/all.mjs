/**
 * All browser tests. Those that wait for minutes, because what they show takes minutes, run beside the others: they use the machine
 * for seconds. The others run one after the other, for two browsers at once make each other slow.
 */
import { spawn } from "node:child_process";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const WAITING = ["waits.spec.mjs"];
const here = fileURLToPath(new URL(".", import.meta.url));
const specs = readdirSync(here).filter((name) => name.endsWith(".spec.mjs")).sort();

/** Resolves with its exit code; what it says is kept until then unless it is heard at once. */
function run(names, stdio) {
  const child = spawn(process.execPath, ["--test", "--test-concurrency=1", ...names.map((name) => join(here, name))], { stdio: ["ignore", stdio, stdio] });
  let said = "";
  for (const stream of [child.stdout, child.stderr]) stream?.on("data", (chunk) => { said += chunk; });
  return new Promise((done) => child.on("close", (code) => done({ code: code ?? 1, said })));
}

const beside = run(WAITING, "pipe");
const others = await run(specs.filter((name) => !WAITING.includes(name)), "inherit");
const { code, said } = await beside;
process.stdout.write(said);
process.exit(others.code || code);
