import { type OutboundRequest, outboundFetch } from "../../net/outbound-fetch.ts";
import { type AttemptOutcome, parseRetryAfter } from "../attempts/retry-decision.ts";

/** The bytes of a response that are read and stored. */
const MAX_RESPONSE_BYTES = 2_048;
const MAX_LOCATION = 2_048;

/** The same for all failures of the network: a thrown message could contain a secret. */
export const CONNECTION_FAILED = "The connection failed or was closed before the response was complete.";

/** One signed request of a delivery. */
export type DeliveryRequest = Omit<OutboundRequest, "max_response_bytes">;

/** The result of one request, as the log shows it. `error` is our own wording, never a thrown message. */
export type Sent = {
  readonly outcome: AttemptOutcome;
  readonly response_body: string | null;
  readonly error: string | null;
  readonly duration_ms: number;
  /** The target of a redirect, which is not followed. */
  readonly location?: string;
};

/** Returns the absolute `Location` of a redirect, or null if it is no HTTP URL. */
function locationOf(status: number, headers: Headers, asked: OutboundRequest["url"]): string | null {
  const given = status >= 300 && status < 400 ? headers.get("location") : null;
  const url = given === null || given.length > MAX_LOCATION ? null : URL.parse(given, asked.href);
  return url !== null && ["http:", "https:"].includes(url.protocol) ? url.href : null;
}

/** Returns the error for a status, or null if it is a success. */
function errorFor(status: number): string | null {
  if (status >= 200 && status < 300) return null;
  if (status >= 300 && status < 400) return "The destination responded with a redirect, which is never followed.";
  return `The destination responded with status ${status}.`;
}

/** Sends one request. Never rejects. */
export async function send(request: DeliveryRequest, now: () => number): Promise<Sent> {
  const startedAt = now();
  const result = await outboundFetch({ ...request, max_response_bytes: MAX_RESPONSE_BYTES });
  switch (result.kind) {
    case "responded": {
      const { status, headers, body } = result;
      const location = locationOf(status, headers, request.url);
      const retry_after_seconds = parseRetryAfter(headers.get("retry-after"), now());
      return {
        outcome: { kind: "responded", status, retry_after_seconds },
        // The bytes may end within a character, which is then omitted.
        response_body: body.ok && body.value !== null ? new TextDecoder().decode(body.value, { stream: true }) : null,
        error: errorFor(status),
        duration_ms: now() - startedAt,
        ...(location === null ? {} : { location }),
      };
    }
    case "timed_out":
    case "failed": {
      const error =
        result.kind === "timed_out"
          ? `The destination did not respond within ${request.timeout_ms} ms.`
          : CONNECTION_FAILED;
      return { outcome: { kind: result.kind }, response_body: null, error, duration_ms: now() - startedAt };
    }
  }
}
