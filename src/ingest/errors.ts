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
  | { readonly reason: "key_not_learned" }
  | { readonly reason: "key_already_known" }
  | { readonly reason: "rate_limited"; readonly retry_after_seconds: number }
  | { readonly reason: "confirmation_failed" }
  | { readonly reason: "query_too_long"; readonly limit: number }
  | { readonly reason: "encoded_body" }
  | { readonly reason: "undecodable_body" }
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
      return { code: "unknown_integration", title: "No integration has this address." };
    case "disabled_integration":
      return { code: "disabled_integration", title: "This integration is disabled." };
    case "own_delivery":
      return {
        code: "own_delivery",
        title: "This gateway itself sent this request.",
        detail: "A destination points back to this gateway. Each event would cause another one without end.",
      };
    case "wrong_method": {
      const methods = error.methods.join(", ");
      return {
        code: "method_not_allowed",
        title: "This method is not allowed.",
        detail: `Send webhooks with ${methods}.`,
        headers: { allow: methods },
      };
    }
    case "configuration_unavailable":
      return {
        code: "configuration_unavailable",
        title: "The integration could not be read. Send the request again.",
        headers: RETRY_AFTER,
      };
    case "address_not_allowed":
      return { code: "address_not_allowed", title: "This integration does not accept webhooks from your IP address." };
    case "bad_token":
      return { code: "bad_token", title: "The token was not accepted." };
    case "bad_credentials":
      return {
        code: "bad_credentials",
        title: "The credentials were not accepted.",
        headers: { "www-authenticate": CHALLENGES[error.scheme] },
      };
    case "bad_signature":
      // The fault is in the log only: it would help a prober.
      return { code: "bad_signature", title: "The signature was not accepted." };
    case "key_not_learned":
      return {
        code: "bad_signature",
        title: "The signature was not accepted.",
        detail:
          "This integration has no key yet. It learns the key from the handshake by which the sender sets up a webhook.",
      };
    case "key_already_known":
      return {
        code: "key_already_known",
        title: "This integration has learned another key already.",
        detail: "Each webhook needs an integration of its own. To learn a new key, set auth.secret to null first.",
      };
    case "rate_limited":
      return {
        code: "rate_limited",
        title: "The rate limit of this integration is reached.",
        headers: { "retry-after": String(error.retry_after_seconds) },
      };
    case "confirmation_failed":
      return {
        code: "confirmation_failed",
        title: "The subscription could not be confirmed. Send the request again.",
        headers: RETRY_AFTER,
      };
    case "query_too_long":
      return { code: "query_too_long", title: `The query string is longer than ${error.limit} characters.` };
    case "encoded_body":
      return {
        code: "encoded_body",
        title: "The body has a content coding that this gateway cannot undo.",
        detail: "Send the body with the Content-Encoding gzip or deflate, or without one.",
        headers: { "accept-encoding": "gzip, deflate" },
      };
    case "undecodable_body":
      return {
        code: "invalid_request",
        title: "The body cannot be decompressed.",
        detail: "The body is incomplete, or not in the format that its Content-Encoding names.",
      };
    case "body_too_large":
      return { code: "body_too_large", title: `The body is larger than ${error.limit} bytes.` };
    case "incomplete_body":
      return { code: "incomplete_body", title: "The body is incomplete." };
    case "invalid_fields":
      return { code: "invalid_request", title: "The request was not accepted.", errors: error.errors };
    case "shard_not_bound":
      // The shard's number is in the log only: it means nothing to the sender.
      return {
        code: "shard_not_bound",
        title: "The database of this integration's events is not connected. Send the request again.",
        headers: RETRY_AFTER,
      };
    case "not_durable":
      return {
        code: "not_durable",
        title: "The event could not be stored. Send the request again.",
        headers: RETRY_AFTER,
      };
  }
}
