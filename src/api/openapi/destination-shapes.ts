import * as z from "zod/mini";
import { CLIENT_AUTHS, DESTINATION_TYPES, METHODS, PRESETS, RFC9421_ALGORITHMS } from "../../model/destination.ts";
import { HMAC_ALGORITHMS, SIGNATURE_ENCODINGS } from "../../model/integration-auth.ts";
import { headerValues, idOf, stamps, time } from "./shared.ts";

// What answers say of destinations.

const client = {
  token_url: z.url(),
  client_id: z.string(),
  client_auth: z.enum(CLIENT_AUTHS),
  scope: z.nullable(z.string()),
  connected: z.boolean().check(z.describe("Whether there is a token that is good, or can be renewed.")),
  token_expires_at: z.nullable(time),
};

export const auth = z.discriminatedUnion("type", [
  z.strictObject({ type: z.literal("none") }),
  z.strictObject({ type: z.literal("basic"), username: z.string() }),
  z.strictObject({ type: z.literal("bearer") }),
  z.strictObject({ type: z.literal("oauth2_client_credentials"), ...client }),
  z.strictObject({ type: z.literal("oauth2_authorization_code"), auth_url: z.url(), ...client }),
]);

export const signing = z.discriminatedUnion("scheme", [
  z.strictObject({ scheme: z.enum(["standard-webhooks", "standard-webhooks-ed25519", "none"]) }),
  z.strictObject({ scheme: z.literal("rfc9421"), algorithm: z.enum(RFC9421_ALGORITHMS) }),
  z.strictObject({
    scheme: z.literal("hmac"),
    header: z.string(),
    algorithm: z.enum(HMAC_ALGORITHMS),
    encoding: z.enum(SIGNATURE_ENCODINGS),
    prefix: z.string(),
    template: z.string(),
  }),
]);

export const payload = z.discriminatedUnion("mode", [
  z.strictObject({ mode: z.enum(["envelope", "original"]) }),
  z.strictObject({ mode: z.literal("template"), content_type: z.string(), body: z.string() }),
  z.strictObject({
    mode: z.literal("preset"),
    preset: z.enum(PRESETS),
    options: headerValues.check(z.describe("Without those that are secrets.")),
  }),
]);

export const destination = z.strictObject({
  id: idOf("dst"),
  name: z.string(),
  type: z.enum(DESTINATION_TYPES),
  url: z.nullable(z.url()).check(z.describe("Null for types that call no URL.")),
  method: z.enum(METHODS),
  headers: headerValues.check(
    z.describe("Values that look like secrets are shown as `••••`; sent back so, they stay."),
  ),
  auth,
  signing,
  payload,
  options: z.strictObject({
    key: z.optional(z.string()),
    binding: z.optional(z.string()),
    from: z.optional(z.string()),
    to: z.optional(z.string()),
    subject: z.optional(z.string()),
  }),
  timeout_ms: z.int(),
  retry_schedule: z
    .nullable(z.array(z.int()))
    .check(z.describe("Seconds before attempts 2, 3, …; null for the gateway's own.")),
  rate_limit: z.nullable(z.strictObject({ requests: z.int(), period_seconds: z.int() })),
  max_concurrency: z.nullable(z.int()),
  enabled: z.boolean(),
  disabled_reason: z.nullable(z.string()),
  health: z.strictObject({
    status: z.enum(["healthy", "failing", "open"]).check(z.describe("`open`: its breaker is, until `retry_at`.")),
    failures: z.int().check(z.describe("Failed attempts in a row.")),
    failing_since: z.nullable(time),
    retry_at: z.nullable(time),
  }),
  ...stamps,
});

/** As the answer shows it that set its secret. */
export const revealedDestination = z.extend(destination, {
  signing_secret: z.optional(z.string()).check(z.describe("Where it is new: in this answer and in no other.")),
});

export const testResult = z.strictObject({
  ok: z.boolean(),
  status: z.nullable(z.int()),
  duration_ms: z.int(),
  response_body: z.nullable(z.string()),
  error: z.nullable(z.string()),
  hint: z.nullable(z.string()).check(z.describe("What is likely to be wrong.")),
});

export const preview = z.discriminatedUnion("ok", [
  z.strictObject({
    ok: z.literal(true),
    event_id: idOf("evt"),
    content_type: z.string(),
    body: z.optional(z.string()),
    body_base64: z.optional(z.string()).check(z.describe("In place of `body` where that is no UTF-8 text.")),
    truncated: z.optional(z.literal(true)),
    bytes: z.optional(z.int()).check(z.describe("The length of all of it, where it is truncated.")),
    url: z.optional(z.url()).check(z.describe("Where it would go, if not to the destination's own URL.")),
  }),
  z.strictObject({ ok: z.literal(false), event_id: z.nullable(idOf("evt")), error: z.string() }),
]);

export const authorization = z.strictObject({
  authorization_url: z.url().check(z.describe("Where somebody has to consent.")),
  expires_at: time,
});

export const document = z.strictObject({
  key: z.string(),
  size: z.int(),
  content_type: z.string(),
  updated_at: time,
  event_id: z.string(),
  delivery_id: z.string(),
  url: z.url(),
});
