import { waitUntil } from "cloudflare:workers";
import type { Context } from "../context.ts";
import type { Integration } from "../model/integration.ts";
import type { RejectionExample } from "../model/rejection.ts";
import { PROBLEM_STATUSES, type ProblemCode } from "../net/problem-codes.ts";

const MAX_METHOD = 20;
const MAX_CONTENT_TYPE = 100;
const MAX_USER_AGENT = 200;
const LENGTH = /^\d{1,12}$/;

/** Returns the start of a header's text. V8 would keep the whole text for a slice of it; a copy costs as little as it is long. */
function cut(text: string | null, maxLength: number): string | null {
  if (text === null) return null;
  const copied: string = JSON.parse(JSON.stringify(text.slice(0, maxLength).toWellFormed()));
  return copied;
}

function exampleOf({ method, headers }: Request): RejectionExample {
  const length = headers.get("content-length") ?? "";
  return {
    method: cut(method, MAX_METHOD) ?? "",
    content_type: cut(headers.get("content-type"), MAX_CONTENT_TYPE),
    user_agent: cut(headers.get("user-agent"), MAX_USER_AGENT),
    size: LENGTH.test(length) ? Number(length) : null,
  };
}

async function writeAfter(context: Context, integration: Integration, delayMs: number): Promise<void> {
  if (delayMs > 0) await new Promise((resolve) => void setTimeout(resolve, delayMs));
  const { id } = integration;
  const taken = context.caches.rejections.take(id, context.clock(), delayMs > 0);
  if (taken.length === 0) return;
  // Loaded only here, because an isolate must start with little code.
  const { writeRejections } = await import("./write-rejections.ts");
  await writeRejections(context, integration, taken);
}

/**
 * Counts a refused request to an integration. The counts are written after the response: at once at the first one, then at
 * most every 30 seconds. Failures of the gateway are not counted.
 */
export function recordRejection(context: Context, integration: Integration, request: Request, code: ProblemCode): void {
  const status = PROBLEM_STATUSES[code];
  if (status >= 500) return;
  const rejected = { status, code, example: exampleOf(request) };
  const delayMs = context.caches.rejections.count(integration.id, rejected, context.clock());
  if (delayMs !== null) waitUntil(writeAfter(context, integration, delayMs));
}
