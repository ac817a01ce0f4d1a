import * as z from "zod/mini";
import { senderFields } from "../alerts/fields.ts";
import { ACTIONS, MESSAGE_TYPES, OUTCOMES } from "../../model/event.ts";
import { HMAC_ALGORITHMS, PLAIN_SCHEMES, SIGNATURE_ENCODINGS } from "../../model/integration-auth.ts";
import { INTEGRATION_TYPES } from "../../model/integration.ts";
import { SOURCES } from "../../sources/registry.ts";
import { ruleActions } from "./accepted.ts";
import { rateLimit } from "../integrations/fields.ts";
import { tokenRotation, urlRotation } from "../integrations/rotation.ts";
import { change, creation } from "../integrations/integrations.ts";
import { query as samplesQuery } from "../integrations/samples.ts";
import { type Section, acting, changing, creating, deleting, listing, showing } from "./old-operation.ts";
import { anyJson, fieldErrors, headerValues, idOf, pageOf, stamps, time } from "./shared.ts";

const shownAgain = {
  previous_expires_at: z.optional(time).check(z.describe("Until when replaced credentials are accepted.")),
};
const secret = z.optional(z.string()).check(z.describe("Only in the answer that set it."));
const signature = { type: z.literal("signature"), secret, ...shownAgain };

const auth = z.discriminatedUnion("type", [
  z.strictObject({ type: z.literal("none") }),
  z.strictObject({ type: z.literal("token"), header: z.string(), token: secret, ...shownAgain }),
  z.strictObject({ type: z.literal("basic"), username: z.string(), password: secret, ...shownAgain }),
  z.strictObject({ type: z.literal("bearer"), token: secret, ...shownAgain }),
  z.discriminatedUnion("scheme", [
    z.strictObject({ ...signature, scheme: z.enum(PLAIN_SCHEMES) }),
    z.strictObject({
      ...signature,
      scheme: z.literal("grafana"),
      header: z.string(),
      timestamp_header: z.nullable(z.string()),
    }),
    z.strictObject({ ...signature, scheme: z.literal("meta"), verify_token: secret }),
    z.strictObject({
      ...signature,
      scheme: z.literal("hmac"),
      header: z.string(),
      algorithm: z.enum(HMAC_ALGORITHMS),
      encoding: z.enum(SIGNATURE_ENCODINGS),
      prefix: z.string(),
      timestamp_header: z.nullable(z.string()),
      id_header: z.nullable(z.string()),
      template: z.string(),
    }),
  ]),
]);

// As they are stored, defaults filled in; what each type has is told by the schemas that check them.
const shownOptions = z.record(z.string(), anyJson);

const integration = z.strictObject({
  id: idOf("int"),
  name: z.string(),
  type: z.enum(INTEGRATION_TYPES),
  enabled: z.boolean(),
  url: z.url().check(z.describe("Where its senders post to.")),
  auth,
  allowed_ips: z.nullable(z.array(z.string())),
  options: shownOptions,
  response: z.nullable(
    z.strictObject({
      status: z.int(),
      headers: headerValues,
      body: z.union([z.string(), z.record(z.string(), anyJson)]),
    }),
  ),
  rate_limit: z.nullable(z.strictObject({ requests: z.int(), period_seconds: z.int() })),
  shard: z.int().check(z.describe("Where its events are kept; it never changes.")),
  ...stamps,
});

const previewed = z.strictObject({
  kind: z.string(),
  action: z.enum([...ACTIONS, "receive", "ignore", "announce"]),
  key: z.nullable(z.string()),
  outcome: z.enum(OUTCOMES),
  type: z.nullable(z.enum(MESSAGE_TYPES)),
  alert: z.nullable(z.strictObject(senderFields)),
  note: z.nullable(z.string()),
  payload: anyJson,
  deliveries: z.array(z.strictObject({ route_id: idOf("rte"), destination_id: idOf("dst") })),
  groups: z.array(z.strictObject({ route_id: idOf("rte"), group: z.string() })),
});

const preview = z.discriminatedUnion("accepted", [
  z.strictObject({ accepted: z.literal(true), events: z.array(previewed) }),
  z.strictObject({ accepted: z.literal(false), errors: fieldErrors }),
]);

const sample = z.strictObject({
  event_id: idOf("evt"),
  received_at: time,
  method: z.string(),
  query: z.string(),
  headers: headerValues,
  body: z.string(),
  body_encoding: z.enum(["utf8", "base64"]),
  payload: anyJson,
});
const samples = z.strictObject({ data: z.array(sample) });

const page = pageOf(integration);
const path = "/api/v1/integrations";

export const integrations: Section = {
  tag: "integrations",
  requests: {
    IntegrationCreation: creation,
    IntegrationChange: change,
    IntegrationAuthInput: creation.shape.auth.def.innerType,
    IntegrationResponseInput: creation.shape.response,
    IntegrationRateLimitInput: rateLimit,
    PagertreeOptions: SOURCES.pagertree.options,
    AlertingOptions: SOURCES.retrace.options,
    CatchOptions: SOURCES.catch.options,
    RulesOptions: SOURCES.rules.options,
    RuleActions: ruleActions,
    TokenRotation: tokenRotation,
    UrlRotation: urlRotation,
  },
  answers: {
    Integration: integration,
    IntegrationAuth: auth,
    IntegrationList: page,
    IntegrationPreview: preview,
    SampleList: samples,
  },
  operations: [
    listing(page, { id: "listIntegrations", path, summary: "List integrations" }),
    creating(creation, integration, {
      id: "createIntegration",
      path,
      summary: "Make an integration",
      description: "A credential that is not given is made.",
    }),
    showing(integration, { id: "getIntegration", path: `${path}/{id}`, summary: "Show an integration" }),
    changing(change, integration, {
      id: "changeIntegration",
      path: `${path}/{id}`,
      summary: "Change an integration",
      description: "`options` are merged; a credential that is left out stays.",
    }),
    deleting({ id: "deleteIntegration", path: `${path}/{id}`, summary: "Delete an integration" }),
    acting(tokenRotation, integration, {
      id: "rotateIntegrationToken",
      path: `${path}/{id}/rotate-token`,
      summary: "Give an integration a new credential",
      description: "The one that it replaces is accepted until the overlap ends.",
      problems: { 409: "It has no credential, or too many earlier ones are still accepted." },
    }),
    acting(urlRotation, integration, {
      id: "rotateIntegrationUrl",
      path: `${path}/{id}/rotate-url`,
      summary: "Give an integration another URL",
      description: "Its id stays. The URL that it had works until the overlap ends.",
    }),
    {
      method: "post",
      scope: "write",
      id: "previewIntegration",
      path: `${path}/{id}/preview`,
      summary: "Show what a webhook would come to",
      description:
        "Send a webhook as its sender would. Nothing is stored or sent; an `Idempotency-Key` is the sender's.",
      body: { schema: "bytes", is_required: false, description: "At most 1 MB." },
      answers: { 200: { description: "It was done.", schema: preview } },
      problems: { 415: "The body has a Content-Encoding." },
    },
    showing(samples, {
      id: "listSamples",
      path: `${path}/{id}/samples`,
      summary: "Show the latest requests that came",
      query: { limit: { schema: samplesQuery.shape.limit } },
    }),
  ],
};
