import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Command } from "commander";
import { describe, expect, test } from "vitest";
import { createProgram } from "../../src/cli/program.ts";
import { ROOT } from "./run.ts";

// docs/cli.md names every command and flag, and none that does not exist.

const page = readFileSync(join(ROOT, "docs/cli.md"), "utf8");
const program = createProgram();

function leavesOf(command: Command, path: string): [path: string, command: Command][] {
  if (command.commands.length === 0) return [[path, command]];
  return command.commands.flatMap((child) => leavesOf(child, `${path} ${child.name()}`));
}

const leaves = leavesOf(program, "hookgate");
const flags = new Set(
  [program, ...leaves.map(([, command]) => command)].flatMap((command) =>
    command.options.flatMap(({ long }) => long ?? []),
  ),
);

describe.each(leaves)("%s", (path, command) => {
  test("is in the documentation with its flags", () => {
    expect(page).toContain(path);
    for (const { long } of command.options) expect(page).toContain(long);
  });

  test("has a summary and examples in its help", () => {
    let help = "";
    command.configureOutput({ writeOut: (text) => (help += text) }).outputHelp();
    expect(command.summary()).not.toBe("");
    expect(help).toContain(`Examples:\n  $ `);
    const examples = help.slice(help.indexOf("Examples:"));
    expect(examples).toContain(path);
    // What continues a line is not a command of its own.
    expect(examples).not.toMatch(/^ +\$ +-/m);
  });
});

test.each(
  program.commands.filter(({ commands }) => commands.length > 0).map((command) => [command.name(), command] as const),
)("hookgate %s has a summary and examples in its help", (_, command) => {
  let help = "";
  command.configureOutput({ writeOut: (text) => (help += text) }).outputHelp();
  expect([command.summary(), help]).toEqual([expect.stringMatching(/./), expect.stringContaining("Examples:")]);
});

test("the documentation names no command and no flag that does not exist", () => {
  const own = [...page.matchAll(/`(hookgate [a-z -]+?)`/g)].map(([, command = ""]) => command);
  expect(own.filter((command) => !leaves.some(([path]) => path === command))).toEqual([]);
  const named = [...page.matchAll(/(?<![\w-])--[a-z][a-z-]+/g)].map(([flag]) => flag);
  expect(named.filter((flag) => !flags.has(flag) && flag !== "--help")).toEqual([]);
});
