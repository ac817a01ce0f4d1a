import { CommanderError } from "commander";
import { ClientError, type Failure } from "../client/index.ts";
import { CommandError, DifferencesFound, UsageError } from "./failure.ts";
import type { Output } from "./terminal/output.ts";
import { oneLine } from "./terminal/text.ts";

export const EXIT = { success: 0, failure: 1, differences: 2, usage: 64 } as const;

type Report = { readonly message: string; readonly details: readonly string[]; readonly hint: string | null };

/** So many last words in common make two sentences the same. */
const SAME_WORDS = 3;
const SECRET =
  "Set the environment variable HOOKGATE_CREDENTIAL beside --auth, or the field, such as --set auth.secret=….";
const SCHEME = "--auth takes one of these, or none, token, basic or bearer.";
/** What the gateway says of the list that is shown below the message. */
const ERRORS_BELOW = / Correct the \w+ that errors names\.$/;
const SECRET_LATER =
  " Does the sender show it only for an address? Create the integration without --auth, and then run `hookgate integrations update NAME --auth TYPE`.";
const REPEAT = " A webhook that repeats an earlier one makes no event of its own.";
const REFUSED = "Check the address (--url, HOOKGATE_URL or the profile), and that the gateway runs.";

const HINTS: ReadonlyMap<string | null, string> = new Map([
  ["unknown_path", "The gateway does not have this function. It may be older than this command."],
  ["destination_in_use", "Change these routes first, or add --force."],
  ["external_id_taken", "Choose another --external-id, or update the one that has it."],
  ["config_conflict", "Run the command again to see the current state."],
  ["destination_disabled", "Turn it on with `hookgate destinations update NAME --enable`."],
]);

function hintOf(status: number, code: string | null = null): string | null {
  const ofCode = HINTS.get(code);
  if (ofCode !== undefined) return ofCode;
  if (status === 400) return "Correct what is named here. --help shows the flags.";
  if (status === 401) return "Set the environment variable HOOKGATE_TOKEN to a valid token, or run `hookgate login`.";
  if (status === 403) return "Use a token with that scope: `hookgate tokens create` makes one, with an `admin` token.";
  if (status === 404) return "Check the id or the name, and with `hookgate whoami` which gateway this is.";
  if (status === 412) return "It was changed in between. Run the command again to see the current state.";
  if (status === 429) return "The gateway is limiting requests. Wait a minute and run the command again.";
  if (status >= 500)
    return "The fault is the gateway's. Run the command again later; `GET /ready` says what is missing.";
  return null;
}

/** Whether the other side answered the beginning of TLS with something else. */
function isNotEncrypted(message: string): boolean {
  return /wrong version number|packet length too long/i.test(message);
}

/** Whether a text begins with a sentence that ends as the title does, and so says the same more exactly. */
function saysAlready(detail: string, title: string): boolean {
  const end = title.split(" ").slice(-SAME_WORDS).join(" ");
  const [first = ""] = detail.split(/(?<=\.) /, 1);
  return title !== "" && first.endsWith(end);
}

function reachedNot(message: string): string {
  return isNotEncrypted(message) ? "it does not speak https." : message.replace(/^fetch failed: /, "");
}

/** The hint for a credential that is missing or of an unknown kind, or null. */
function authHint(paths: readonly string[]): string | null {
  if (paths.includes("auth.scheme")) return SCHEME;
  if (paths.includes("auth.secret")) return SECRET + SECRET_LATER;
  return paths.some((path) => /^auth\.(?:token|username|password)$/.test(path)) ? SECRET : null;
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
      const text = title === "" || saysAlready(detail, title) ? detail : `${title} ${detail}`;
      const short = errors.length > 0 ? text.replace(ERRORS_BELOW, "") : text;
      const message = oneLine(`${short}${failure.status === 429 ? waitOf(failure.headers) : ""}`);
      const hint = authHint(errors.map(({ path }) => path)) ?? hintOf(failure.status, failure.problem.code);
      return { message, details, hint: detail.startsWith("No event has this id.") ? `${hint ?? ""}${REPEAT}` : hint };
    }
    case "network":
      if (failure.reason === "aborted") return { message: "Interrupted.", details: [], hint: null };
      return {
        message: oneLine(`The gateway could not be reached: ${reachedNot(failure.message)}`),
        details: [],
        hint: isNotEncrypted(failure.message)
          ? "The address speaks http. Write it with http:// instead of https://."
          : REFUSED,
      };
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
  const { hint, details } = error instanceof CommandError ? error : { hint: null, details: [] };
  out.error(messageOf(error), details.map(oneLine), hint === null ? null : oneLine(hint));
  return error instanceof UsageError ? EXIT.usage : EXIT.failure;
}
