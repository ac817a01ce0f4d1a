import * as z from "zod/mini";
import type { Reconciliation } from "../../model/reconciliation.ts";
import { type Answer, type Section, showing } from "./operation.ts";
import { anyJson } from "./shared.ts";

const ruleSets = z.strictObject({
  data: z.array(
    z.strictObject({
      name: z.string().check(z.describe("For `options.rule_set` of an integration.")),
      title: z.string(),
      vendor_url: z.nullable(z.url()),
      docs: z.nullable(z.string()),
      options: z.record(z.string(), anyJson),
    }),
  ),
});

const reconciliation = z
  .strictObject({
    accepted: z.int(),
    delivered: z.int(),
    dead: z.int(),
    pending: z.int(),
    cancelled: z.int(),
    ignored: z.int(),
    outbox: z.int(),
    balanced: z.boolean(),
  })
  .check(z.describe("In events × destinations owed.")) satisfies z.ZodMiniType<Reconciliation>;

const openapi = z.record(z.string(), anyJson);
const health = z.strictObject({ status: z.literal("ok") });
const keys = z.strictObject({
  keys: z.array(
    z.strictObject({
      kty: z.literal("OKP"),
      crv: z.literal("Ed25519"),
      x: z.string(),
      kid: z.string(),
      use: z.literal("sig"),
      alg: z.literal("EdDSA"),
      whpk: z.string().check(z.describe("The key as Standard Webhooks writes it.")),
    }),
  ),
});

const page: Answer = { description: "A page.", schema: null, content_type: "text/html" };
const text = { schema: z.optional(z.string()) };

export const gateway: Section = {
  tag: "gateway",
  requests: {},
  answers: {
    Json: anyJson,
    RuleSetList: ruleSets,
    Reconciliation: reconciliation,
    OpenApi: openapi,
    Health: health,
    KeySet: keys,
  },
  operations: [
    showing(ruleSets, { id: "listRuleSets", path: "/api/v1/rule-sets", summary: "List the ready-made rule sets" }),
    showing(reconciliation, {
      id: "getReconciliation",
      path: "/api/v1/reconciliation",
      summary: "Show what became of all that was accepted",
    }),
    showing(openapi, { id: "getOpenApi", path: "/api/v1/openapi.json", summary: "Show this document" }),
    showing(health, { id: "getHealth", path: "/health", summary: "Tell that the gateway is up", scope: null }),
    showing(keys, {
      id: "getKeys",
      path: "/.well-known/jwks.json",
      summary: "Show the public keys that deliveries are signed with",
      scope: null,
      answers: { 200: { description: "A JWK set.", schema: keys, content_type: "application/jwk-set+json" } },
    }),
    showing(openapi, {
      id: "finishAuthorization",
      path: "/oauth/callback",
      summary: "Where an authorization server sends its user back to",
      scope: null,
      query: { state: text, code: text, error: text, error_description: text },
      answers: { 200: page },
      problems: { 400: "The destination was not authorized; a browser gets this as a page." },
    }),
  ],
};
