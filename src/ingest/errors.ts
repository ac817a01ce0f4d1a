import type { Problem } from "../net/problem.ts";
import type { FieldError } from "../model/result.ts";
import type { SignatureFault } from "../signing/claim.ts";

/** Why a request is refused. */
export type IngestError =
  | { readonly reason: "unknown_integration" }
  | { readonly reason: "disabled_integration" }
  | { readonly reason: "own_delivery" }
  | { readonly reason: "wrong_method"; readonly methods: readonly string[] }
  | { readonly reason: "configuration_unavailable" }
  | { readonly reason: "address_not_allowed" }
  | { readonly reason: "bad_token" }
  | { readonly reason: "bad_credentials"; readonly scheme: "Basic" | "Bearer" }
  | { readonly reason: "bad_signature"; readonly fault: SignatureFault }
  | { readonly reason: "rate_limited"; readonly retry_after_seconds: number }
  | { readonly reason: "confirmation_failed" }
  | { readonly reason: "query_too_long"; readonly limit: number }
  | { readonly reason: "encoded_body" }
  | { readonly reason: "body_too_large"; readonly limit: number }
  | { readonly reason: "incomplete_body" }
  | { readonly reason: "invalid_fields"; readonly errors: readonly FieldError[] }
  | { readonly reason: "shard_not_bound"; readonly shard: number }
  | { readonly reason: "not_durable" };

const CHALLENGES = {
  Basic: 'Basic realm="webhooks", charset="UTF-8"',
  Bearer: 'Bearer realm="webhooks"',
} as const;
const RETRY_AFTER = { "retry-after": "5" } as const;

/** Returns the problem on the wire. It says nothing about the credentials or about what failed inside the gateway. */
export function toProblem(error: IngestError): Problem {
  switch (error.reason) {
    case "unknown_integration":
      return { status: 404, title: "No integration has this address." };
    case "disabled_integration":
      return { status: 410, title: "This integration is disabled." };
    case "own_delivery":
      return {
        status: 400,
        title: "This gateway itself sent this request.",
        detail: "A destination points back to this gateway. Each event would cause another one without end.",
      };
    case "wrong_method": {
      const methods = error.methods.join(", ");
      return {
        status: 405,
        title: "This method is not allowed.",
        detail: `Send webhooks with ${methods}.`,
        headers: { allow: methods },
      };
    }
    case "configuration_unavailable":
      return {
        status: 503,
        title: "The integration could not be read. Send the request again.",
        headers: RETRY_AFTER,
      };
    case "address_not_allowed":
      return { status: 403, title: "This integration does not accept webhooks from your IP address." };
    case "bad_token":
      return { status: 403, title: "The token was not accepted." };
    case "bad_credentials":
      return {
        status: 401,
        title: "The credentials were not accepted.",
        headers: { "www-authenticate": CHALLENGES[error.scheme] },
      };
    case "bad_signature":
      // The fault is in the log only: it would help a prober.
      return { status: 401, title: "The signature was not accepted." };
    case "rate_limited":
      return {
        status: 429,
        title: "The rate limit of this integration is reached.",
        headers: { "retry-after": String(error.retry_after_seconds) },
      };
    case "confirmation_failed":
      return {
        status: 503,
        title: "The subscription could not be confirmed. Send the request again.",
        headers: RETRY_AFTER,
      };
    case "query_too_long":
      return { status: 414, title: `The query string is longer than ${error.limit} characters.` };
    case "encoded_body":
      return {
        status: 415,
        title: "The body is encoded.",
        detail: "Send the body without a Content-Encoding.",
        headers: { "accept-encoding": "identity" },
      };
    case "body_too_large":
      return { status: 413, title: `The body is larger than ${error.limit} bytes.` };
    case "incomplete_body":
      return { status: 400, title: "The body is incomplete." };
    case "invalid_fields":
      return { status: 400, title: "The request was not accepted.", errors: error.errors };
    case "shard_not_bound":
      // The shard's number is in the log only: it means nothing to the sender.
      return {
        status: 503,
        title: "The database of this integration's events is not connected. Send the request again.",
        headers: RETRY_AFTER,
      };
    case "not_durable":
      return {
        status: 503,
        title: "The event could not be stored. Send the request again.",
        headers: RETRY_AFTER,
      };
  }
}
