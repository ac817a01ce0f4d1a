import { ClientError } from "../client/index.ts";

/** A failure of a command: its message, and what to do next. The exit code is 1. */
export class CommandError extends Error {
  readonly hint: string | null;
  /** Lines below the message, such as the fields that are wrong. */
  readonly details: readonly string[];

  constructor(message: string, hint: string | null = null, details: readonly string[] = []) {
    super(message);
    this.name = "CommandError";
    this.hint = hint;
    this.details = details;
  }
}

/** A command that was called wrongly. The exit code is 64. */
export class UsageError extends CommandError {
  constructor(message: string, hint: string | null = null) {
    super(message, hint);
    this.name = "UsageError";
  }
}

const FILE_ERRORS: ReadonlyMap<unknown, string> = new Map([
  ["ENOENT", "it does not exist."],
  ["EACCES", "the permission is missing."],
  ["EPERM", "the permission is missing."],
  ["EROFS", "the file system is read-only."],
  ["EISDIR", "it is a folder."],
  ["ENOTDIR", "a part of its path is a file."],
  ["EEXIST", "a part of its path is a file."],
  ["ENOSPC", "the disk is full."],
  ["ERR_FS_FILE_TOO_LARGE", "it is too large."],
  ["ENAMETOOLONG", "its name is too long."],
  ["ERR_INVALID_ARG_VALUE", "its name is not valid."],
]);

/** Why a file could not be read or written, as people say it. */
export function fileReason(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const known = "code" in error ? FILE_ERRORS.get(error.code) : undefined;
  return known ?? (error.message.split("\n")[0] ?? "").replace(/:$/, ".");
}

/** Ends a command with the exit code 2: `config diff` found differences. */
export class DifferencesFound extends Error {}

/** Whether a request was ended because the command is interrupted. */
export function isAbort(error: unknown): boolean {
  return error instanceof ClientError && error.failure.kind === "network" && error.failure.reason === "aborted";
}

/** Runs work that only reads. If it is interrupted, the failure says what was not done. */
export async function orInterrupted<T>(message: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw isAbort(error) ? new CommandError(`Interrupted. ${message}`) : error;
  }
}

/** Whether a read may succeed later: the network is lost, or the gateway is busy or restarts. */
export function isPassing(error: unknown): boolean {
  if (!(error instanceof ClientError)) return false;
  const { failure } = error;
  return failure.kind === "network" ? failure.reason !== "aborted" : failure.status === 429 || failure.status >= 500;
}
