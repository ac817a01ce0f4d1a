import { type Command, InvalidArgumentError, Option } from "commander";
import { parsePastTime, parseSpan } from "./terminal/time.ts";

const MAX_LIMIT = 100_000;

export function parseTime(text: string): string {
  const time = parsePastTime(text, Date.now());
  if (time !== null) return time;
  throw new InvalidArgumentError(
    "Use a span before now such as 30m, 2h or 7d, or a time such as 2026-11-20T10:00:00Z.",
  );
}

export function parseDuration(text: string): number {
  const span = parseSpan(text);
  if (span !== null && span > 0) return span;
  throw new InvalidArgumentError("Use a span such as 30m, 12h or 90d.");
}

export function parseCount(text: string): number {
  if (/^\d{1,6}$/.test(text) && Number(text) >= 1 && Number(text) <= MAX_LIMIT) return Number(text);
  throw new InvalidArgumentError(`Use a number from 1 to ${MAX_LIMIT}.`);
}

/** Collects a flag that is given several times, or with commas. */
export function collect(text: string, before: readonly string[] | undefined): readonly string[] {
  return [...(before ?? []), ...text.split(",").filter((part) => part !== "")];
}

/** Collects a flag that is given several times, commas included. */
export function collectWhole(text: string, before: readonly string[] | undefined): readonly string[] {
  return [...(before ?? []), text];
}

export function oneOf(flags: string, description: string, choices: readonly string[]): Option {
  return new Option(flags, description).choices(choices);
}

/** How far a list is read. */
export type ListFlags = { readonly limit?: number; readonly all?: true; readonly cursor?: string };

export function addListFlags(command: Command): Command {
  return command
    .option("--limit <n>", "the maximum number of rows (default: 50)", parseCount)
    .option("--all", "read all rows")
    .option("--cursor <cursor>", "continue after `next_cursor` of an earlier list");
}

export type TimeFlags = { readonly since?: string; readonly until?: string };

export function addTimeFlags(command: Command): Command {
  return command
    .option(
      "--since <time>",
      "only from this time on: a span before now such as 1h or 7d, or a time such as 2026-11-20T10:00:00Z",
      parseTime,
    )
    .option("--until <time>", "only up to this time", parseTime);
}

/** Adds examples to the help of a command. */
export function addExamples(command: Command, ...examples: readonly string[]): Command {
  return command.addHelpText("after", `\nExamples:\n${examples.map((example) => `  $ ${example}`).join("\n")}`);
}
