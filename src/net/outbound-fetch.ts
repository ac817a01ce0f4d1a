import { type Result, ok } from "../model/result.ts";
import { readStart } from "./read-body.ts";
import type { AllowedUrl } from "./url-guard.ts";

export type OutboundRequest = {
  readonly url: AllowedUrl;
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array | URLSearchParams | null;
  /** Covers the response's headers and body. */
  readonly timeout_ms: number;
  /** At most this much of the response's body is read. The rest is cancelled. */
  readonly max_response_bytes: number;
};

/** How a request ended. The error of one that failed is for the log only: its text could hold a secret. */
export type OutboundResult =
  | {
      readonly kind: "responded";
      readonly status: number;
      readonly headers: Headers;
      /** Null if the response has no body. `incomplete`: the connection closed before the body ended. */
      readonly body: Result<Uint8Array | null, "incomplete">;
    }
  | { readonly kind: "timed_out" }
  | { readonly kind: "failed"; readonly error: unknown };

async function readOrCancel(
  body: Response["body"],
  maxBytes: number,
): Promise<Result<Uint8Array | null, "incomplete">> {
  if (body === null) return ok(null);
  if (maxBytes > 0) return await readStart(body, maxBytes);
  // Not awaited: the server may never end its response.
  body.cancel().catch(() => {});
  return ok(null);
}

/**
 * Sends one request to a URL that the guard allowed. Every request that leaves the gateway goes through here. A redirect is
 * a response like any other and is not followed, because the guard has not seen its target. Never rejects.
 */
export async function outboundFetch(request: OutboundRequest): Promise<OutboundResult> {
  const { url, method, headers, body } = request;
  const signal = AbortSignal.timeout(request.timeout_ms);
  try {
    const response = await fetch(url.href, { method, headers, body, redirect: "manual", signal });
    const read = await readOrCancel(response.body, request.max_response_bytes);
    if (!read.ok && signal.aborted) return { kind: "timed_out" };
    return { kind: "responded", status: response.status, headers: response.headers, body: read };
  } catch (error) {
    return signal.aborted ? { kind: "timed_out" } : { kind: "failed", error };
  }
}
