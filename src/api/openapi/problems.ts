import { refTo } from "../schema.ts";
import type { Operation } from "./operation.ts";

const content = { "application/problem+json": { schema: refTo("Problem") } };
const retryAfter = { "Retry-After": { description: "Seconds to wait.", schema: { type: "integer" } } };

/** The meaning of each problem's status, unless an operation describes it itself. */
export const PROBLEM_RESPONSES = {
  400: { description: "The request was not accepted: `errors` names each wrong field.", content },
  401: {
    description: "The credentials are missing or not valid.",
    headers: { "WWW-Authenticate": { schema: { type: "string" } } },
    content,
  },
  403: { description: "The token lacks the scope, or a page of another origin used a session.", content },
  404: { description: "Nothing has this id.", content },
  405: {
    description: "The address does not accept this method.",
    headers: { Allow: { schema: { type: "string" } } },
    content,
  },
  409: { description: "A request with this `Idempotency-Key` is still running.", headers: retryAfter, content },
  410: { description: "The integration is disabled.", content },
  413: { description: "The body is larger than 1 MB.", content },
  414: { description: "The query is too long.", content },
  415: { description: "The body has a Content-Encoding.", content },
  422: { description: "This `Idempotency-Key` was used for another request.", content },
  426: { description: "The address opens a WebSocket only.", content },
  429: { description: "Too many requests.", headers: retryAfter, content },
  500: { description: "The gateway failed.", content },
  503: { description: "The gateway could not do this now. Try again.", headers: retryAfter, content },
} as const;

/** The problems that an operation can return: those that follow from its declaration, and its own. */
export function problemsOf(operation: Operation): Record<string, object> {
  const { scope, method, path, body, query, is_idempotent, problems = {} } = operation;
  const takesInput = body !== undefined || query !== undefined || is_idempotent;
  const usual = [
    ...(scope !== null && takesInput ? [400] : []),
    ...(scope === null ? [] : [401, 403]),
    ...(scope !== null && path.includes("{") ? [404] : []),
    ...(scope !== null && method !== "GET" && method !== "DELETE" ? [413] : []),
    ...(is_idempotent ? [409, 422] : []),
    500,
    503,
  ];
  const statuses = [...new Set([...usual, ...Object.keys(problems).map(Number)])];
  return Object.fromEntries(
    statuses.map((status) => {
      const description = problems[status];
      const reference = { $ref: `#/components/responses/${status}` };
      return [String(status), description === undefined ? reference : { ...reference, description }];
    }),
  );
}
