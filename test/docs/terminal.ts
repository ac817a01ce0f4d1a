import { type ChildProcess, spawn } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, vi } from "vitest";
import { WITHIN } from "../npm-start/stand.ts";

const END = "--end of the block--";

/** A terminal of a reader: a shell that keeps its variables from one block to the next. */
export class Terminal {
  readonly #shell: ChildProcess;
  readonly #folder: string;
  #blocks = 0;
  output = "";

  constructor(folder: string, env: Readonly<Record<string, string>>) {
    this.#folder = folder;
    this.#shell = spawn("bash", ["-e", "-o", "pipefail"], { cwd: folder, env, detached: true, stdio: "pipe" });
    this.#shell.stdout?.on("data", (chunk) => (this.output += chunk));
    this.#shell.stderr?.on("data", (chunk) => (this.output += chunk));
    // A shell that a failed command has ended takes no further input, and its output says why.
    this.#shell.stdin?.on("error", () => {});
  }

  /** Starts the commands of a block, which may run for as long as the terminal is open. */
  start(script: string): void {
    this.#blocks += 1;
    const file = join(this.#folder, `${process.pid}-${this.#shell.pid}-${this.#blocks}.sh`);
    writeFileSync(file, script);
    this.#shell.stdin?.write(`source ${file} </dev/null\necho "${END} ${this.#blocks}"\n`);
  }

  /** Runs the commands of a block to their end. Fails if one of them fails. */
  async run(script: string): Promise<void> {
    this.start(script);
    const end = `${END} ${this.#blocks}`;
    await vi.waitFor(() => {
      expect(this.#shell.exitCode, this.output).toBeNull();
      expect(this.output).toContain(end);
    }, WITHIN);
  }

  close(): void {
    if (this.#shell.pid !== undefined && this.#shell.exitCode === null) process.kill(-this.#shell.pid, "SIGTERM");
  }
}
