import * as z from "zod/mini";
import { DESTINATION_TYPES, type DestinationType, PROVIDERS } from "../../delivery/providers/registry.ts";
import { METHODS } from "../../model/destination.ts";
import { acceptedExternalId, shownNaming } from "../external-ids.ts";
import { name, rateLimitOf, shownRateLimit } from "../fields.ts";
import { destinationTypeError } from "../type-hints.ts";
import { pageOf } from "../paging.ts";
import { answerSchema, documentedWith, idOf, requestSchema, stamps, time } from "../schema.ts";
import { acceptedReference, shownReference } from "../transformations/reference.ts";
import { acceptedAuth, shownAuth } from "./auth-fields.ts";
import { acceptedForwardHeaders, acceptedHeaders, shownHeaders } from "./headers.ts";
import { shownHealth } from "./health.ts";
import { acceptedOptions, shownOptions } from "./options.ts";
import { acceptedPayload, shownPayload } from "./payload-fields.ts";
import { acceptedRequests, shownRequests } from "./request-fields.ts";
import { acceptedSigning, shownSigning } from "./signing-fields.ts";

// A field that is stored as it is given needs a line in `accepted`, its default in `destinationCreation`, and a line in
// `destination`. Fields that are resolved further have a file of their own.

const MAX_REQUESTS = 100_000;
const DEFAULT_TIMEOUT_MS = 10_000;

/** The fields that requests may set. */
const accepted = z.strictObject({
  name,
  external_id: acceptedExternalId,
  url: z.string().check(z.describe("For webhooks only.")),
  type: z
    .enum(DESTINATION_TYPES, { error: destinationTypeError(DESTINATION_TYPES) })
    .check(z.describe("It cannot be changed.")),
  method: z.enum(METHODS),
  headers: acceptedHeaders,
  forward_headers: acceptedForwardHeaders,
  auth: acceptedAuth,
  signing: acceptedSigning,
  payload: acceptedPayload,
  transformation_id: acceptedReference,
  requests: acceptedRequests,
  options: acceptedOptions,
  timeout_ms: z.int().check(z.minimum(1_000), z.maximum(30_000)),
  retry_schedule: z
    .nullable(z.array(z.int().check(z.minimum(1), z.maximum(86_400))).check(z.minLength(1), z.maxLength(50)))
    .check(z.describe("Seconds before attempts 2, 3, …; null for the gateway's own.")),
  rate_limit: requestSchema("DestinationRateLimitInput", rateLimitOf(MAX_REQUESTS)),
  max_concurrency: z.nullable(z.int().check(z.minimum(1), z.maximum(1_000))),
  enabled: z.boolean(),
});

const { shape } = accepted;
const optional = z.partial(accepted).shape;
const WITHOUT_URL: readonly DestinationType[] = DESTINATION_TYPES.filter((type) => !PROVIDERS[type].is_http);

export const destinationCreation = requestSchema(
  "DestinationCreation",
  documentedWith(
    z
      .strictObject({
        ...optional,
        name: shape.name,
        external_id: z._default(shape.external_id, null),
        type: z._default(shape.type, "webhook"),
        timeout_ms: z._default(shape.timeout_ms, DEFAULT_TIMEOUT_MS),
        requests: z._default(shape.requests, {}),
        forward_headers: z._default(shape.forward_headers, []),
        transformation_id: z._default(shape.transformation_id, null),
        retry_schedule: z._default(shape.retry_schedule, null),
        rate_limit: z._default(shape.rate_limit, null),
        max_concurrency: z._default(shape.max_concurrency, null),
        enabled: z._default(shape.enabled, true),
      })
      .check(
        // Checked even if other fields are wrong, so that one response names all errors.
        z.refine(({ type, url }) => url !== undefined || WITHOUT_URL.includes(type), {
          path: ["url"],
          message: "is required",
          when: () => true,
        }),
      ),
    { anyOf: [{ required: ["url"] }, { properties: { type: { enum: [...WITHOUT_URL] } }, required: ["type"] }] },
  ),
);
export const destinationChange = requestSchema("DestinationChange", z.strictObject(optional));

/** A destination as the API shows it. */
export const destination = answerSchema(
  "Destination",
  z.strictObject({
    id: idOf("dst"),
    name: z.string(),
    ...shownNaming,
    type: z.string().check(z.describe(`One of ${DESTINATION_TYPES.join(", ")}.`)),
    url: z.nullable(z.url()).check(z.describe("Null for types that call no URL.")),
    method: z.enum(METHODS),
    headers: shownHeaders,
    forward_headers: z.array(z.string()),
    auth: shownAuth,
    signing: shownSigning,
    payload: shownPayload,
    transformation_id: shownReference,
    requests: shownRequests,
    options: shownOptions,
    timeout_ms: z.int(),
    retry_schedule: z
      .nullable(z.array(z.int()))
      .check(z.describe("Seconds before attempts 2, 3, …; null for the gateway's own.")),
    rate_limit: shownRateLimit,
    max_concurrency: z.nullable(z.int()),
    enabled: z.boolean(),
    disabled_reason: z.nullable(z.string()),
    paused_at: z.nullable(time).check(z.describe("Since when its deliveries wait; null if it is not paused.")),
    health: shownHealth,
    signing_overlap_ends_at: z
      .nullable(time)
      .check(z.describe("Until when a replaced signing secret signs, too; null if none does.")),
    ...stamps,
  }),
);
/** The answer that sets a signing secret. */
export const revealedDestination = answerSchema(
  "RevealedDestination",
  z.extend(destination, {
    signing_secret: z.optional(z.string()).check(z.describe("Only in the answer that sets it.")),
  }),
);
export const destinationList = pageOf("DestinationList", destination);
