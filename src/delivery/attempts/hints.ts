import { isSuccess } from "./retry-decision.ts";
import { CONNECTION_FAILED, type Sent } from "../request/send.ts";

// Statuses that Cloudflare's edge answers with where it could not get an answer from the origin:
// https://developers.cloudflare.com/support/troubleshooting/http-status-codes/cloudflare-5xx-errors/
const OF_THE_EDGE: Readonly<Record<number, string>> = {
  520: "The destination's server broke the connection off or sent something that is no HTTP answer. Its own log may say why.",
  521: "The destination's server refuses connections. Is it running, and does its firewall let Cloudflare in?",
  522: "The destination's server cannot be reached, or its firewall drops connections from Cloudflare.",
  523: "There is no way to the destination's server. Does its DNS record hold the right address?",
  524: "The destination's server took the request and did not answer in time. Have it answer first and work afterwards.",
  525: "The TLS handshake failed. Does the destination's server speak TLS at this port, with a certificate for this name?",
  526: "The destination's certificate is not valid: it may have expired, be self-signed or be for another name.",
  530: "The destination's host name was not found. Is it spelled right, and does its DNS record exist?",
};

const OF_A_STATUS: Readonly<Record<number, string>> = {
  400: "The destination does not take this body. Its answer may say what it misses; `payload` can give it another.",
  401: "The destination wants credentials, or others than these: see `auth`.",
  403: "The destination knows who is calling and does not allow it, or its firewall turns Cloudflare's addresses away.",
  404: "Nothing is found at this path. Is the URL complete, and does the webhook still exist over there?",
  405: "The destination does not take this method at this address: see `method`.",
  408: "The destination gave up waiting for the request. A real delivery would be tried again.",
  410: "The destination says that it is gone for good. A real delivery would turn it off.",
  413: "The body is too large for the destination.",
  415: "The destination does not take this content type: `payload` can give it another.",
  429: "The destination takes no more for now. Real deliveries wait as it asks and try again.",
};

function hintForStatus(status: number, location: string | undefined): string {
  if (status >= 300 && status < 400) {
    return `A redirect is never followed. If it leads to the right place, save that as the URL: ${location ?? "see its Location header"}`;
  }
  const known = OF_THE_EDGE[status] ?? OF_A_STATUS[status];
  if (known !== undefined) return known;
  return status >= 500
    ? "The destination has a fault of its own. Its log may say which."
    : "The destination did not take it. Any status from 200 to 299 would be a success.";
}

/** What may help one whose test did not succeed; null where it did. */
export function hintOf({ outcome, error, location }: Sent): string | null {
  if (isSuccess(outcome)) return null;
  switch (outcome.kind) {
    case "stored":
      return null;
    case "responded":
      return hintForStatus(outcome.status, location);
    case "timed_out":
      return "Have the destination answer first and work afterwards, or give it more time with `timeout_ms`.";
    case "failed":
      return error === CONNECTION_FAILED
        ? "Is the host name right, does something listen at this port, and is its certificate valid?"
        : "Nothing reached the destination. The error says what is in the way.";
    case "refused":
      return "Nothing was sent. The error says what has to be changed here first.";
  }
}
