import { type OutboundRequest, outboundFetch } from "../../net/outbound-fetch.ts";
import { type AttemptOutcome, parseRetryAfter } from "../attempts/retry-decision.ts";

/** How much of an answer is read and kept, in bytes. */
const MAX_RESPONSE_BYTES = 2_048;
const MAX_LOCATION = 2_048;

/** What is said of a network's failure, the same for all: what is thrown could tell a secret. */
export const CONNECTION_FAILED = "The connection failed or was closed before the answer was complete.";

/** One signed request of a delivery. */
export type DeliveryRequest = Omit<OutboundRequest, "max_response_bytes">;

/** What came back, with what the log shows of it. `error` is our own wording, never a thrown one. */
export type Sent = {
  readonly outcome: AttemptOutcome;
  readonly response_body: string | null;
  readonly error: string | null;
  readonly duration_ms: number;
  /** Where a redirect, which was not followed, points to. */
  readonly location?: string;
};

/** The `Location` of a redirect, in full; null where there is none that is a web address. */
function locationOf(status: number, headers: Headers, asked: OutboundRequest["url"]): string | null {
  const given = status >= 300 && status < 400 ? headers.get("location") : null;
  const url = given === null || given.length > MAX_LOCATION ? null : URL.parse(given, asked.href);
  return url !== null && ["http:", "https:"].includes(url.protocol) ? url.href : null;
}

/** What the log says of a status that is no success; null for one that is. */
function complaintAbout(status: number): string | null {
  if (status >= 200 && status < 300) return null;
  if (status >= 300 && status < 400) return "The destination answered with a redirect, which is never followed.";
  return `The destination answered ${status}.`;
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
        // Bytes may end within a character, which is then left out.
        response_body: body.ok && body.value !== null ? new TextDecoder().decode(body.value, { stream: true }) : null,
        error: complaintAbout(status),
        duration_ms: now() - startedAt,
        ...(location === null ? {} : { location }),
      };
    }
    case "timed_out":
    case "failed": {
      const error =
        result.kind === "timed_out"
          ? `The destination did not answer within ${request.timeout_ms} ms.`
          : CONNECTION_FAILED;
      return { outcome: { kind: result.kind }, response_body: null, error, duration_ms: now() - startedAt };
    }
  }
}
