import { refTo } from "./convert.ts";
import type { Operation } from "./operation.ts";

const content = { "application/problem+json": { schema: refTo("Problem") } };
const retryAfter = { "Retry-After": { description: "Seconds to wait.", schema: { type: "integer" } } };

/** What the statuses of problems mean, where an operation does not say it closer. */
export const PROBLEM_RESPONSES = {
  400: { description: "The request was not accepted: `errors` names each field that is wrong.", content },
  401: {
    description: "The credentials are missing or not valid.",
    headers: { "WWW-Authenticate": { schema: { type: "string" } } },
    content,
  },
  403: { description: "The token lacks the scope.", content },
  404: { description: "There is nothing with this id.", content },
  405: {
    description: "The address does not take this method.",
    headers: { Allow: { schema: { type: "string" } } },
    content,
  },
  409: { description: "A request with this `Idempotency-Key` is still running.", headers: retryAfter, content },
  410: { description: "It is turned off.", content },
  413: { description: "The body is over 1 MB.", content },
  414: { description: "The query is too long.", content },
  415: { description: "The body is encoded.", content },
  422: { description: "This `Idempotency-Key` was used for another request.", content },
  429: { description: "Too many requests.", headers: retryAfter, content },
  500: { description: "The fault is the gateway's.", content },
  503: { description: "Try again.", headers: retryAfter, content },
} as const;

/** The problems that an operation can answer with: those that follow from what it is, and its own. */
export function problemsOf(operation: Operation): Record<string, object> {
  const { scope, path, body, query, is_paged, is_idempotent, problems = {} } = operation;
  const takesInput = body !== undefined || query !== undefined || is_paged === true || is_idempotent === true;
  const usual = [
    ...(scope !== null && takesInput ? [400] : []),
    ...(scope === null ? [] : [401, 403]),
    ...(scope !== null && path.includes("{") ? [404] : []),
    ...(scope !== null && operation.method !== "get" && operation.method !== "delete" ? [413] : []),
    ...(is_idempotent === true ? [409, 422] : []),
    500,
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
