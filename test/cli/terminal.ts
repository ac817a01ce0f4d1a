import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { expect, onTestFinished, vi } from "vitest";
import { WITHIN } from "../npm-start/stand.ts";
import { ROOT, environment } from "./run.ts";

// A terminal, which util-linux' `script` provides.

const SCRIPT = "script";

function hasScript(): boolean {
  try {
    return execFileSync(SCRIPT, ["--version"], { encoding: "utf8", stdio: "pipe" }).includes("util-linux");
  } catch {
    return false;
  }
}

export const HAS_TERMINAL = hasScript();
if (!HAS_TERMINAL) process.stderr.write("There is no `script` of util-linux: the tests of the terminal are skipped.\n");

/** A command on a terminal of its own. */
export class Terminal {
  readonly child: ChildProcess;
  screen = "";

  constructor(args: readonly string[], env: Readonly<Record<string, string>>, columns = 80) {
    const command = `stty cols ${columns} rows 24; exec "${process.execPath}" scripts/hookgate.mjs ${args.join(" ")}`;
    const child = spawn(SCRIPT, ["-qec", command, "/dev/null"], {
      cwd: ROOT,
      env: environment({ TERM: "xterm", ...env }),
      stdio: "pipe",
    });
    child.stdout.on("data", (chunk) => (this.screen += chunk));
    this.child = child;
    onTestFinished(() => {
      child.kill("SIGKILL");
    });
  }

  async shows(text: string): Promise<void> {
    await vi.waitFor(() => expect(this.screen).toContain(text), WITHIN);
  }

  type(text: string): void {
    this.child.stdin?.write(text);
  }

  async ended(): Promise<unknown> {
    const [code] = await once(this.child, "close");
    return code;
  }
}
