import { CommandError, UsageError } from "../failure.ts";
import { oneLine } from "./text.ts";

/** Whether a person can be asked. */
export function isInteractive(): boolean {
  return process.stdin.isTTY && process.stderr.isTTY;
}

const OUTPUT = { output: process.stderr };

function cancelled(): CommandError {
  return new CommandError("Cancelled. Nothing was changed.");
}

/** Asks whether to go on. Without a terminal, `--yes` is required. Throws if the answer is no. */
export async function confirm(question: string, isYes: boolean): Promise<void> {
  if (isYes) return;
  if (!isInteractive()) {
    throw new UsageError(`There is no terminal to ask on: ${question}`, "Add --yes to confirm.");
  }
  const { confirm: ask } = await import("@clack/prompts");
  const answer = await ask({ message: oneLine(question), initialValue: false, ...OUTPUT });
  if (answer !== true) throw cancelled();
}

export async function askText(question: string, initialValue: string): Promise<string> {
  const { text } = await import("@clack/prompts");
  const answer = await text({ message: oneLine(question), initialValue, ...OUTPUT });
  if (typeof answer !== "string") throw cancelled();
  return answer;
}

/** Asks for a secret, which is not shown. */
export async function askSecret(question: string): Promise<string> {
  const { password } = await import("@clack/prompts");
  const answer = await password({ message: oneLine(question), ...OUTPUT });
  if (typeof answer !== "string") throw cancelled();
  return answer;
}
