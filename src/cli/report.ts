import { CommanderError } from "commander";
import { ClientError, type Failure } from "../client/index.ts";
import { CommandError, DifferencesFound, UsageError } from "./failure.ts";
import type { Output } from "./terminal/output.ts";
import { oneLine } from "./terminal/text.ts";

const EXIT = { success: 0, failure: 1, differences: 2, usage: 64 } as const;

type Report = { readonly message: string; readonly details: readonly string[]; readonly hint: string | null };

const REFUSED = "Check the address (--url, HOOKGATE_URL or the profile), and that the gateway runs.";

function hintOf(status: number, code: string | null = null): string | null {
  if (code === "unknown_path") return "The gateway does not have this function. It may be older than this command.";
  if (status === 401) return "Run `hookgate login` with a valid token, or set HOOKGATE_TOKEN.";
  if (status === 403) return "Use a token with that scope: `hookgate tokens create` makes one, with an `admin` token.";
  if (status === 404) return "Check the id or the name, and with `hookgate whoami` which gateway this is.";
  if (status === 412) return "It was changed in between. Run the command again to see the current state.";
  if (status === 429) return "The gateway is limiting requests. Wait a minute and run the command again.";
  if (status >= 500)
    return "The fault is the gateway's. Run the command again later; `GET /ready` says what is missing.";
  return null;
}

function waitOf(headers: Headers): string {
  const seconds = headers.get("retry-after") ?? "";
  return /^\d+$/.test(seconds) ? ` It accepts requests again in ${seconds} s.` : "";
}

function ofFailure(failure: Failure): Report {
  switch (failure.kind) {
    case "problem": {
      const { title, detail, errors = [] } = failure.problem;
      const details = errors.map(({ path, message }) => oneLine(`${path === "" ? "body" : path}: ${message}`));
      const text = detail === title || title === "" ? detail : `${title} ${detail}`;
      const message = oneLine(`${text}${failure.status === 429 ? waitOf(failure.headers) : ""}`);
      return { message, details, hint: hintOf(failure.status, failure.problem.code) };
    }
    case "network":
      if (failure.reason === "aborted") return { message: "Interrupted.", details: [], hint: null };
      return { message: oneLine(`The gateway could not be reached: ${failure.message}`), details: [], hint: REFUSED };
    case "unexpected": {
      const message = `The response is not one of Hookgate: status ${failure.status}.${failure.status === 429 ? waitOf(failure.headers) : ""}`;
      return { message, details: [], hint: hintOf(failure.status) ?? REFUSED };
    }
  }
}

/** What went wrong, in one line. */
export function messageOf(error: unknown): string {
  if (error instanceof ClientError) return ofFailure(error.failure).message;
  return oneLine(error instanceof Error ? error.message : String(error));
}

/** Writes what went wrong to stderr, and returns the exit code. */
export function report(error: unknown, out: Output): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.success : EXIT.usage;
  if (error instanceof DifferencesFound) return EXIT.differences;
  if (error instanceof ClientError) {
    const { message, details, hint } = ofFailure(error.failure);
    out.error(message, details, hint);
    return EXIT.failure;
  }
  const hint = error instanceof CommandError ? error.hint : null;
  out.error(messageOf(error), [], hint === null ? null : oneLine(hint));
  return error instanceof UsageError ? EXIT.usage : EXIT.failure;
}
