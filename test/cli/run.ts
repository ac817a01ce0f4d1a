import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, vi } from "vitest";
import { WITHIN } from "../npm-start/stand.ts";

// The command `hookgate`, run as a process.

export const ROOT = join(import.meta.dirname, "../..");
const COMMAND = join(ROOT, "scripts/hookgate.mjs");
const EXIT_TIMEOUT_MS = 120_000;

export type Finished = { readonly code: number | null; readonly stdout: string; readonly stderr: string };

/** A folder that is gone when the test is over. */
export function temporary(): string {
  const folder = mkdtempSync(join(tmpdir(), "hookgate-cli-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** The environment of a command: that of the tests without variables that change what the command does. */
export function environment(own: Readonly<Record<string, string>>): Record<string, string> {
  const inherited = Object.entries(process.env).flatMap(([name, value]) =>
    value === undefined || /^(HOOKGATE_|NO_COLOR$|FORCE_COLOR$|CI$|XDG_|BROWSER$)/.test(name)
      ? []
      : [[name, value] as const],
  );
  return { ...Object.fromEntries(inherited), ...own };
}

/** A command that runs. */
export class Running {
  readonly child: ChildProcess;
  stdout = "";
  stderr = "";

  constructor(args: readonly string[], env: Readonly<Record<string, string>>, cwd: string = ROOT) {
    this.child = spawn(process.execPath, [COMMAND, ...args], { cwd, env: environment(env), stdio: "pipe" });
    this.child.stdout?.on("data", (chunk) => (this.stdout += chunk));
    this.child.stderr?.on("data", (chunk) => (this.stderr += chunk));
    onTestFinished(() => {
      this.child.kill("SIGKILL");
    });
  }

  /** Waits until the command has written something. */
  async hasWritten(text: string): Promise<void> {
    await vi.waitFor(() => expect(this.stdout + this.stderr).toContain(text), WITHIN);
  }

  async ended(): Promise<Finished> {
    const [code] = await once(this.child, "close", { signal: AbortSignal.timeout(EXIT_TIMEOUT_MS) });
    return { code: typeof code === "number" ? code : null, stdout: this.stdout, stderr: this.stderr };
  }
}

const ESCAPE = String.fromCodePoint(0x1b);
/** Escapes that colors are made of. */
const COLORS = new RegExp(`${ESCAPE}\\[(0|1|2|31|32|33)m`, "g");
/** All escapes that move the cursor or change colors. */
const ESCAPES = new RegExp(`${ESCAPE}\\[[\\d;?]*[A-Za-z]`, "g");

export function withoutColors(text: string): string {
  return text.replaceAll(COLORS, "");
}

export function withoutEscapes(text: string): string {
  return text.replaceAll(ESCAPES, "");
}

/** Matches control characters but line ends, and marks that change the direction of text. */
export const HOSTILE = /(?![\n\r])[\p{Cc}\u202a-\u202e]/u;

type Options = { readonly env?: Readonly<Record<string, string>>; readonly input?: string; readonly cwd?: string };

/** Runs a command to its end. */
export async function run(args: readonly string[], { env = {}, input = "", cwd }: Options = {}): Promise<Finished> {
  const running = new Running(args, { XDG_CONFIG_HOME: "/nonexistent", ...env }, cwd);
  running.child.stdin?.end(input);
  return await running.ended();
}

/** Makes a function that runs commands against a gateway. */
export function commandsOf(url: string, token: string) {
  const env = { HOOKGATE_URL: url, HOOKGATE_TOKEN: token, XDG_CONFIG_HOME: "/nonexistent" };
  const hookgate = async (args: readonly string[], input = "", more: Readonly<Record<string, string>> = {}) =>
    await run(args, { env: { ...env, ...more }, input });
  return {
    env,
    hookgate,
    /** Runs a command that must succeed. Returns its output. */
    text: async (args: readonly string[], input = ""): Promise<string> => {
      const { code, stdout, stderr } = await hookgate(args, input);
      expect(code, stderr).toBe(0);
      return stdout;
    },
    /** Runs a command with `--json` that must succeed. Returns the document. */
    json: async (args: readonly string[], input = "") => {
      const { code, stdout, stderr } = await hookgate([...args, "--json"], input);
      expect(code, stderr).toBe(0);
      return JSON.parse(stdout);
    },
  };
}
