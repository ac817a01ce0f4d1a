import type { FieldError } from "../model/result.ts";

/** An error on the wire (RFC 9457). */
export type Problem = {
  readonly status: number;
  readonly title: string;
  readonly detail?: string;
  readonly errors?: readonly FieldError[];
  readonly headers?: Readonly<Record<string, string>>;
};

/** Returns a problem as a response. `type` is `about:blank`: the status says which kind of problem it is. */
export function problemResponse(problem: Problem): Response {
  const { status, title, detail, errors, headers } = problem;
  const body = { type: "about:blank", title, status, detail: detail ?? title, ...(errors ? { errors } : {}) };
  return new Response(JSON.stringify(body), {
    status,
    headers: { "content-type": "application/problem+json", ...headers },
  });
}
