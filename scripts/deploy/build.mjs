import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { stripVTControlCharacters } from "node:util";
import { DeployError } from "./deploy-error.mjs";

const MAX_LINES = 20;

/**
 * Runs the build command of wrangler.toml, so that a fault in the sources is found before anything is created.
 * @param {import("./resources.mjs").Session} session
 * @param {import("./config.mjs").Config} config
 * @param {(line: string) => void} note
 */
export async function build({ root, isDryRun }, config, note) {
  const { command, cwd = "." } = config["build"] ?? {};
  if (typeof command !== "string") return { line: "not needed", result: null };
  if (isDryRun) return { line: `would run ${command}`, result: null };
  note("the Worker, the dashboard and the documents, about a minute if they have changed");
  const { status, output } = await run(command, join(root, cwd));
  if (status === 0) return { line: command, result: null };
  const lines = stripVTControlCharacters(output).trim().split("\n").slice(0, MAX_LINES);
  throw new DeployError(
    `The build failed. ${command} printed:\n\n${lines.join("\n")}`,
    "Run npm ci if packages are missing, and npm run build to see all of it.",
  );
}

/**
 * Runs a command of the shell without blocking, so that a connection that is closed meanwhile is noticed.
 * @param {string} command
 * @param {string} cwd
 */
async function run(command, cwd) {
  const child = spawn(command, { cwd, shell: true, stdio: ["ignore", "pipe", "pipe"] });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding("utf8").on("data", (text) => (output += text));
  const [status] = await once(child, "close");
  return { status, output };
}
