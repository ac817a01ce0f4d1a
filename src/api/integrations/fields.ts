import * as z from "zod/mini";
import type { Context } from "../../context.ts";
import { parseAddressRange } from "../../model/address-range.ts";
import type { Integration } from "../../model/integration.ts";
import { INTEGRATION_TYPES } from "../../sources/registry.ts";
import type { Shown } from "../endpoint.ts";
import { acceptedExternalId, shownNaming } from "../external-ids.ts";
import { name, rateLimitOf, shownRateLimit } from "../fields.ts";
import { pageOf } from "../paging.ts";
import { answerSchema, idOf, jsonMap, requestSchema, stamps } from "../schema.ts";
import { type RevealedCredentials, acceptedAuth, shownAuth } from "./auth-fields.ts";
import { type Activity, shownActivity } from "./activity.ts";
import { acceptedResponse, shownResponse, viewResponse } from "./custom-response.ts";
import { acceptedHandshake, shownHandshake } from "./handshake.ts";
import { acceptedOptions } from "./options.ts";
import { integrationTypeError } from "../type-hints.ts";
import { acceptedReference, shownReference } from "../transformations/reference.ts";
import { viewAuth } from "./view-auth.ts";
import type { ApiRequest } from "../request.ts";

const MAX_RANGES = 200;
const MAX_REQUESTS = 1_000_000;

const range = z
  .string()
  .check(z.refine((text) => parseAddressRange(text) !== null, "must be an IP address or a block such as 192.0.2.0/24"));

/** The fields that requests may set. */
const accepted = z.strictObject({
  name,
  external_id: acceptedExternalId,
  type: z
    .enum(INTEGRATION_TYPES, { error: integrationTypeError(INTEGRATION_TYPES) })
    .check(z.describe("It cannot be changed, except from `catch` to `rules` and back.")),
  enabled: z.boolean(),
  auth: acceptedAuth,
  allowed_ips: z
    .nullable(
      z
        .array(range)
        .check(z.minLength(1, "must not be empty: null accepts webhooks from anywhere"), z.maxLength(MAX_RANGES)),
    )
    .check(z.describe("Addresses or blocks such as 192.0.2.0/24; null for anywhere.")),
  options: acceptedOptions,
  response: acceptedResponse,
  rate_limit: requestSchema("IntegrationRateLimitInput", rateLimitOf(MAX_REQUESTS)),
  handshake: acceptedHandshake,
  transformation_id: acceptedReference,
  shard: z.int(),
});

const { shape } = accepted;

export const integrationCreation = requestSchema(
  "IntegrationCreation",
  z.strictObject({
    ...shape,
    external_id: z._default(shape.external_id, null),
    enabled: z._default(shape.enabled, true),
    auth: z._default(shape.auth, { type: "none" }),
    allowed_ips: z._default(shape.allowed_ips, null),
    options: z._default(shape.options, {}),
    response: z._default(shape.response, null),
    rate_limit: z._default(shape.rate_limit, null),
    handshake: z._default(shape.handshake, null),
    transformation_id: z._default(shape.transformation_id, null),
    shard: z.optional(shape.shard),
  }),
);
export const integrationChange = requestSchema("IntegrationChange", z.partial(accepted));

/** An integration as the API shows it. */
export const integration = answerSchema(
  "Integration",
  z.strictObject({
    id: idOf("int"),
    name: z.string(),
    ...shownNaming,
    type: z.string().check(z.describe(`One of ${INTEGRATION_TYPES.join(", ")}.`)),
    enabled: z.boolean(),
    url: z.url().check(z.describe("The address that receives webhooks.")),
    auth: shownAuth,
    allowed_ips: z.nullable(z.array(z.string())),
    options: jsonMap,
    response: shownResponse,
    rate_limit: shownRateLimit,
    handshake: shownHandshake,
    transformation_id: shownReference,
    shard: z.int().check(z.describe("The shard that stores its events; it never changes.")),
    ...shownActivity,
    ...stamps,
  }),
);
export const integrationList = pageOf("IntegrationList", integration);

/** Returns the address that receives an integration's webhooks. */
export function addressOf(origin: string, { id, address }: Pick<Integration, "id" | "address">): string {
  return `${origin}/integration/${address ?? id}`;
}

/** Shows an integration to a request, whose origin is in its URL. `revealed` is shown this once. */
export function viewIntegration(
  { context, url: { origin } }: ApiRequest,
  { id, auth, response, address, ...rest }: Integration,
  activity: Activity,
  revealed: RevealedCredentials = {},
): Shown<typeof integration> {
  return {
    id,
    ...rest,
    url: addressOf(origin, { id, address }),
    auth: viewAuth(auth, context.clock(), revealed),
    response: viewResponse(response),
    ...activity,
  };
}

/** Drops an integration from the isolate's caches, so that a change takes effect there at once. */
export function forgetIntegration({ caches }: Context, id: string): void {
  caches.integrations.forget(id);
  caches.config.forget();
}
