import { type Capture, type Captured, captureFrom } from "../../model/captured.ts";
import { type OutboundRequest, outboundFetch } from "../../net/outbound-fetch.ts";
import { type AttemptOutcome, parseRetryAfter } from "../attempts/retry-decision.ts";

/** The bytes of a response that are read and stored. */
const MAX_RESPONSE_BYTES = 2_048;
const MAX_LOCATION = 2_048;

/** The bytes of a response that are read for values to capture. */
const MAX_CAPTURE_BYTES = 262_144;

/** The same for all failures of the network: a thrown message could contain a secret. */
export const CONNECTION_FAILED = "The connection failed or was closed before the response was complete.";

/** One signed request of a delivery. */
export type DeliveryRequest = Omit<OutboundRequest, "max_response_bytes"> & {
  /** Values to keep of the response. */
  readonly capture?: Capture | undefined;
};

/** The result of one request, as the log shows it. `error` is our own wording, never a thrown message. */
export type Sent = {
  readonly outcome: AttemptOutcome;
  readonly response_body: string | null;
  readonly error: string | null;
  readonly duration_ms: number;
  /** The target of a redirect, which is not followed. */
  readonly location?: string;
  /** What was captured from the response of a request with `capture`. */
  readonly captured?: Captured;
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

/** Returns the start of a body as text. The bytes may end within a character, which is then omitted. */
function textOf(bytes: Uint8Array, most: number): string {
  return new TextDecoder().decode(bytes.subarray(0, most), { stream: true });
}

/** Sends one request. Never rejects. */
export async function send({ capture, ...request }: DeliveryRequest, now: () => number): Promise<Sent> {
  const startedAt = now();
  const max_response_bytes = capture === undefined ? MAX_RESPONSE_BYTES : MAX_CAPTURE_BYTES;
  const result = await outboundFetch({ ...request, max_response_bytes });
  switch (result.kind) {
    case "responded": {
      const { status, headers, body } = result;
      const location = locationOf(status, headers, request.url);
      const retry_after_seconds = parseRetryAfter(headers.get("retry-after"), now());
      const error = errorFor(status);
      const bytes = body.ok ? body.value : null;
      const isCaptured = capture !== undefined && bytes !== null && error === null;
      return {
        outcome: { kind: "responded", status, retry_after_seconds },
        response_body: bytes === null ? null : textOf(bytes, MAX_RESPONSE_BYTES),
        error,
        duration_ms: now() - startedAt,
        ...(location === null ? {} : { location }),
        ...(isCaptured ? { captured: captureFrom(textOf(bytes, MAX_CAPTURE_BYTES), capture) } : {}),
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
