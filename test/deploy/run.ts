import { spawn } from "node:child_process";
import { cpSync, mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { once } from "node:events";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { buildSite } from "../docs/built.ts";
import type { Cloudflare } from "./cloudflare.ts";

const ROOT = join(import.meta.dirname, "../..");
const COPIED = [
  "build/dashboard",
  "build/docs",
  "build/docs.json",
  "docs",
  "migrations",
  "scripts",
  "src",
  "package.json",
  "package-lock.json",
  "tsconfig.json",
  // The build makes a site of these, too.
  "README.md",
  "ARCHITECTURE.md",
  "CONTRIBUTING.md",
  "CHANGELOG.md",
  "SECURITY.md",
  "wrangler.toml",
];
/** Variables that change what wrangler and the scripts do. */
const NOT_INHERITED = /^(?:CLOUDFLARE_|CF_|WRANGLER_|CI$|ADMIN_TOKEN$|MASTER_KEY)/;

export type Finished = { readonly code: number | null; readonly stdout: string; readonly stderr: string };

/** A copy of this checkout, as a clone of the repository has it, that is gone when the test is over. */
export async function clone(): Promise<string> {
  await buildSite(); // once for all clones
  const folder = mkdtempSync(join(tmpdir(), "hookgate-clone-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  for (const name of COPIED) cpSync(join(ROOT, name), join(folder, name), { recursive: true });
  symlinkSync(join(ROOT, "node_modules"), join(folder, "node_modules"));
  return folder;
}

export type Running = {
  readonly end: (signal: NodeJS.Signals) => void;
  /** Waits until the output contains a text. */
  readonly shows: (text: string) => Promise<void>;
  readonly finished: Promise<Finished>;
};

/** Runs a script of a clone against a stand-in. */
export async function run(
  folder: string,
  script: string,
  args: readonly string[],
  cloudflare: Cloudflare,
  env: Readonly<Record<string, string>> = {},
  input = "",
): Promise<Finished> {
  return await start(folder, script, args, cloudflare, env, input).finished;
}

/** Starts a script of a clone against a stand-in. */
export function start(
  folder: string,
  script: string,
  args: readonly string[],
  cloudflare: Cloudflare,
  env: Readonly<Record<string, string>> = {},
  input = "",
): Running {
  const inherited = Object.entries(process.env).filter(([name]) => !NOT_INHERITED.test(name));
  const child = spawn(process.execPath, [join(folder, script), ...args], {
    cwd: folder,
    // No log-in of this machine is used, and no log is left on it.
    env: {
      ...Object.fromEntries(inherited),
      XDG_CONFIG_HOME: join(folder, ".config"),
      ...cloudflare.variables,
      ...env,
    },
    stdio: ["pipe", "pipe", "pipe"],
  });
  child.stdin.on("error", () => {}); // a program that reads nothing may end before this is written
  child.stdin.end(input);
  onTestFinished(() => {
    child.kill("SIGKILL");
  });
  let stdout = "";
  let stderr = "";
  child.stdout.setEncoding("utf8").on("data", (chunk: string) => (stdout += chunk));
  child.stderr.setEncoding("utf8").on("data", (chunk: string) => (stderr += chunk));
  const finished = once(child, "close").then(([code]) => {
    return { code: typeof code === "number" ? code : null, stdout, stderr };
  });
  const shows = async (text: string): Promise<void> => {
    while (!stdout.includes(text)) await Promise.race([once(child.stdout, "data"), finished.then(() => missing(text))]);
  };
  return { end: (signal) => child.kill(signal), shows, finished };
}

function missing(text: string): never {
  throw new Error(`The output ended without: ${text}`);
}

/** Runs `npm run deploy` in a clone. */
export async function deployIn(
  folder: string,
  cloudflare: Cloudflare,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<Finished> {
  return await run(folder, "scripts/deploy.mjs", args, cloudflare, env);
}
