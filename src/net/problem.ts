import { type FieldError, MAX_ERRORS } from "../model/result.ts";
import { PROBLEM_STATUSES, type ProblemCode } from "./problem-codes.ts";
import { PROBLEM_TEXTS } from "./problem-texts.ts";

/** An error (RFC 9457). Its code decides its status, and its title on the wire. */
export type Problem = {
  readonly code: ProblemCode;
  /** What happened in this case: the first sentence of `detail` on the wire, unless it is the code's own title. */
  readonly title: string;
  /** More about this case. By default the code's advice. */
  readonly detail?: string;
  readonly errors?: readonly FieldError[];
  readonly headers?: Readonly<Record<string, string>>;
};

/** A text of a problem has at most this many characters. In JSON, each takes at most six bytes. */
const MAX_TEXT = 1_000;
/** The errors of a problem have at most this many bytes. With the other texts, a response stays below 64 KB. */
const MAX_ERROR_BYTES = 48_000;

const encoder = new TextEncoder();

function cut(text: string): string {
  return text.length <= MAX_TEXT ? text : `${text.slice(0, MAX_TEXT - 1).toWellFormed()}…`;
}

/** Returns the first errors that fit into a response. */
function boundErrors(errors: readonly FieldError[]): readonly FieldError[] {
  let bytes = 0;
  const shown: FieldError[] = [];
  for (const { path, message } of errors.slice(0, MAX_ERRORS)) {
    const error = { path: cut(path), message: cut(message) };
    bytes += encoder.encode(JSON.stringify(error)).byteLength + 1;
    if (bytes > MAX_ERROR_BYTES) break;
    shown.push(error);
  }
  return shown;
}

/** Returns the texts of a problem on the wire. `detail` never repeats `title`. */
function textsOf({ code, title: happened, detail }: Problem): { readonly title: string; readonly detail: string } {
  const { title, advice } = PROBLEM_TEXTS[code];
  const more = detail ?? advice;
  return { title, detail: cut(happened === title ? more : `${happened} ${more}`) };
}

/** Returns a problem as a response of at most 20 errors and 64 KB. */
export function problemResponse(problem: Problem): Response {
  const { code, errors, headers } = problem;
  const status = PROBLEM_STATUSES[code];
  const shown = errors === undefined ? {} : { errors: boundErrors(errors) };
  const body = { type: "about:blank", code, status, ...textsOf(problem), ...shown };
  return new Response(JSON.stringify(body), {
    status,
    headers: { "content-type": "application/problem+json", ...headers },
  });
}
