import { execFileSync } from "node:child_process";
import { describe, expect, test } from "vitest";
import { run } from "./run.ts";

function hasShell(shell: string): boolean {
  try {
    execFileSync(shell, ["-c", "true"], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}

describe.skipIf(!hasShell("bash"))("the script for bash", () => {
  test.each([
    [["ev"], ["events"]],
    [["events", ""], expect.arrayContaining(["list", "get", "tail", "send", "--json"])],
    [["--json", "events", "ta"], ["tail"]],
    [
      ["deliveries", "list", "--status", ""],
      ["pending", "delivered", "dead", "cancelled"],
    ],
    [
      ["deliveries", "list", "--status", "d"],
      ["delivered", "dead"],
    ],
    [["alerts", "list", "--stat"], ["--status"]],
    [["completion", "z"], ["zsh"]],
  ])("completes %j", async (words, expected) => {
    const { code, stdout } = await run(["completion", "bash"]);
    expect(code).toBe(0);
    const list = ["hookgate", ...words].map((word) => `"${word}"`).join(" ");
    const script = `${stdout}\nCOMP_WORDS=(${list}); COMP_CWORD=${words.length}; __hookgate_complete; printf '%s\\n' "\${COMPREPLY[@]}"`;
    expect(execFileSync("bash", ["-c", script], { encoding: "utf8" }).trim().split("\n")).toEqual(expected);
  });
});

test.each(["zsh", "fish"])("the script for %s is valid", async (shell) => {
  const { code, stdout } = await run(["completion", shell]);
  expect([code, stdout]).toEqual([0, expect.stringContaining("hookgate")]);
  if (hasShell(shell)) execFileSync(shell, ["-n"], { input: stdout });
});
