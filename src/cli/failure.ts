import { ClientError } from "../client/index.ts";

/** A failure of a command: its message, and what to do next. The exit code is 1. */
export class CommandError extends Error {
  readonly hint: string | null;

  constructor(message: string, hint: string | null = null) {
    super(message);
    this.name = "CommandError";
    this.hint = hint;
  }
}

/** A command that was called wrongly. The exit code is 64. */
export class UsageError extends CommandError {
  constructor(message: string, hint: string | null = null) {
    super(message, hint);
    this.name = "UsageError";
  }
}

/** Ends a command with the exit code 2: `config diff` found differences. */
export class DifferencesFound extends Error {}

/** Whether a read may succeed later: the network is lost, or the gateway is busy or restarts. */
export function isPassing(error: unknown): boolean {
  if (!(error instanceof ClientError)) return false;
  const { failure } = error;
  return failure.kind === "network" ? failure.reason !== "aborted" : failure.status === 429 || failure.status >= 500;
}
