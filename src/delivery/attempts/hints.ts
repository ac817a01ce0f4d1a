import type { Attempt } from "../../model/delivery.ts";
import { isSuccess } from "./retry-decision.ts";
import { CONNECTION_FAILED, type Sent } from "../request/send.ts";

// Statuses of Cloudflare's edge if the origin gives no response:
// https://developers.cloudflare.com/support/troubleshooting/http-status-codes/cloudflare-5xx-errors/
const EDGE_HINTS: Readonly<Record<number, string>> = {
  520: "The destination's server closed the connection or sent an invalid HTTP response. See its log.",
  521: "The destination's server refuses connections. Is it running, and does its firewall allow Cloudflare?",
  522: "The destination's server cannot be reached, or its firewall drops connections from Cloudflare.",
  523: "There is no route to the destination's server. Does its DNS record have the right address?",
  524: "The destination's server received the request and did not respond in time. Let it respond first and work afterwards.",
  525: "The TLS handshake failed. Does the destination's server use TLS on this port, with a certificate for this name?",
  526: "The destination's certificate is not valid: it may have expired, be self-signed, or belong to another name.",
  530: "The destination's host name was not found. Is it spelled correctly, and does its DNS record exist?",
};

const STATUS_HINTS: Readonly<Record<number, string>> = {
  400: "The destination does not accept this body. Its response may say why. Set `payload` to send another body.",
  401: "The destination requires credentials, or other credentials: see `auth`.",
  403: "The destination does not allow this caller, or its firewall blocks Cloudflare's addresses.",
  404: "Nothing exists at this path. Is the URL complete, and does the webhook still exist?",
  405: "The destination does not accept this method at this URL: see `method`.",
  408: "The destination did not wait for the whole request. A delivery would be retried.",
  410: "The destination is permanently gone. A delivery would disable it.",
  413: "The body is too large for the destination.",
  415: "The destination does not accept this content type. Set `payload` to send another.",
  429: "The destination accepts no more requests for now. Deliveries wait as it asks and are retried.",
};

const CONNECTION_HINT = "Is the host name correct, does a server listen on this port, and is its certificate valid?";

function hintForStatus(status: number, location: string | undefined): string {
  if (status >= 300 && status < 400) {
    return `A redirect is never followed. If it leads to the right place, save it as the URL: ${location ?? "see its Location header"}`;
  }
  const known = EDGE_HINTS[status] ?? STATUS_HINTS[status];
  if (known !== undefined) return known;
  return status >= 500
    ? "The destination had an internal error. See its log."
    : "The destination did not accept the request. A status from 200 to 299 is a success.";
}

/** Returns a hint for an attempt that failed, as the log shows it. `status` is null if there was no response. */
export function hintOfAttempt({ status, error }: Pick<Attempt, "status" | "error">): string {
  if (status !== null) return hintForStatus(status, undefined);
  return error === CONNECTION_FAILED ? CONNECTION_HINT : "There was no response. See the error.";
}

/** Returns a hint for a test that failed; null if it succeeded. */
export function hintOf({ outcome, error, location }: Sent): string | null {
  if (isSuccess(outcome)) return null;
  switch (outcome.kind) {
    case "stored":
    case "skipped":
      return null;
    case "responded":
      return hintForStatus(outcome.status, location);
    case "timed_out":
      return "Let the destination respond first and work afterwards, or increase `timeout_ms`.";
    case "failed":
      return error === CONNECTION_FAILED ? CONNECTION_HINT : "Nothing reached the destination. See the error.";
    case "waiting":
      return "Test the destination again in a few seconds.";
    case "not_connected":
      return "Run `hookgate listen`, and test the destination again.";
    case "lacking":
      return "A test captures nothing. Send a real event instead, or give the value a default.";
    case "refused":
      return "Nothing was sent. See the error for what must be changed first.";
  }
}
