import type { Problem } from "./generated/types.ts";

/** A response that the API document describes. `data` is the parsed body, or null if there is no body. */
export type Success<Status extends number, T> = {
  readonly ok: true;
  readonly status: Status;
  readonly data: T;
  readonly headers: Headers;
};

/**
 * Why a call failed:
 * `problem`: the gateway refused the request, with a body as RFC 9457 describes it;
 * `network`: no response arrived;
 * `unexpected`: the response is not one of the gateway's API, for example a proxy's error page.
 */
export type Failure =
  | { readonly kind: "problem"; readonly status: number; readonly problem: Problem; readonly headers: Headers }
  | { readonly kind: "network"; readonly reason: "aborted" | "timed_out" | "failed"; readonly message: string }
  | { readonly kind: "unexpected"; readonly status: number; readonly text: string; readonly headers: Headers };

/** What a call returns. A call does not reject for anything that the network or the gateway does. */
export type Result<S extends Success<number, unknown>> = S | { readonly ok: false; readonly error: Failure };

/** Describes a failure in one line, for a log or a terminal. */
export function describeFailure(failure: Failure): string {
  switch (failure.kind) {
    case "problem": {
      const { title, detail, errors = [] } = failure.problem;
      const fields = errors.map(({ path, message }) => `${path === "" ? "the body" : path} ${message}`);
      return [`${failure.status} ${title}`, ...(detail === title ? [] : [detail]), ...fields].join("; ");
    }
    case "network":
      return failure.message;
    case "unexpected":
      return `The gateway returned ${failure.status} with a body that is not part of its API.`;
  }
}

/** A failure as an exception. Only `unwrap` and the iterators over pages throw it. */
export class ClientError extends Error {
  readonly failure: Failure;

  constructor(failure: Failure) {
    super(describeFailure(failure));
    this.name = "ClientError";
    this.failure = failure;
  }
}

/** Returns the data of a success and throws a `ClientError` for a failure. */
export function unwrap<S extends Success<number, unknown>>(result: Result<S>): S["data"] {
  if (result.ok) return result.data;
  throw new ClientError(result.error);
}
