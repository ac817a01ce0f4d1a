import * as z from "zod/mini";
import { jsonBody } from "../../endpoint.ts";
import { anyJson, answerSchema } from "../../schema.ts";
import type { Section } from "../operation.ts";

const health = answerSchema("Health", z.strictObject({ status: z.literal("ok") }));
const ready = answerSchema("Ready", z.strictObject({ status: z.literal("ready") }));
const keySet = answerSchema(
  "KeySet",
  z.strictObject({
    keys: z.array(
      z.strictObject({
        kty: z.literal("OKP"),
        crv: z.literal("Ed25519"),
        x: z.string(),
        kid: z.string(),
        use: z.literal("sig"),
        alg: z.literal("EdDSA"),
        whpk: z.string().check(z.describe("The key in the notation of Standard Webhooks.")),
      }),
    ),
  }),
);

const message = answerSchema("McpMessage", z.record(z.string(), anyJson));
const hex = z.string().check(z.describe("SHA-256, in hex."));
const publishedLog = answerSchema(
  "PublishedLog",
  z.strictObject({
    gateway: z.string().check(z.describe("The id of the gateway.")),
    at: z.string(),
    shards: z.array(
      z.strictObject({
        shard: z.int(),
        sequence: z.int().check(z.describe("The number of segments that the chain has ever had.")),
        head: z.string().check(z.describe("The end of the chain; empty if there was no segment.")),
        oldest: z.nullable(z.strictObject({ id: z.string(), sequence: z.int(), previous: z.string(), root: hex })),
        dropped: z
          .array(z.strictObject({ id: z.string(), sequence: z.int(), root: hex }))
          .check(z.describe("Links of segments that retention deleted before older ones of the chain.")),
      }),
    ),
    jws: z.string().check(z.describe("The other fields, signed: a compact JWS by a key of /.well-known/jwks.json.")),
  }),
);

const text = z.optional(z.string());
const shared = { method: "GET", scope: null, is_idempotent: false } as const;

export const gateway: Section = {
  tag: "gateway",
  description: null,
  operations: [
    {
      ...shared,
      id: "gateway.getHealth",
      path: "/health",
      summary: "Check that the gateway responds",
      answers: { 200: { description: "The gateway responds.", schema: health } },
    },
    {
      ...shared,
      id: "gateway.getReadiness",
      path: "/ready",
      summary: "Check that the gateway is set up and that its maintenance runs",
      answers: { 200: { description: "The gateway is ready.", schema: ready } },
      problems: { 503: "Something is missing: `errors` names it, with the command that mends it." },
    },
    {
      ...shared,
      id: "gateway.getPrometheusMetrics",
      path: "/metrics",
      scope: "read",
      summary: "Get the counters and gauges for Prometheus",
      answers: { 200: { description: "The text format of Prometheus.", content_type: "text/plain" } },
    },
    {
      id: "gateway.sendMcpMessage",
      method: "POST",
      path: "/mcp",
      scope: "read",
      takes_sessions: false,
      is_idempotent: false,
      summary: "Send a message of the Model Context Protocol",
      description:
        "Streamable HTTP without sessions. Most agents have a client for it. Errors of the protocol are messages of it, also those with the status 400.",
      body: jsonBody(message, { jsonrpc: "2.0", id: 1, method: "tools/list" }),
      answers: {
        200: {
          description:
            "The response to the message. If `Accept` names `text/event-stream`, it may be an event of a stream.",
          schema: message,
        },
        202: { description: "The message was a notification." },
        406: { description: "`Accept` does not allow JSON.", schema: message },
        413: { description: "The message is larger than 256 KB.", schema: message },
        415: { description: "The content type is not JSON.", schema: message },
      },
    },
    {
      ...shared,
      id: "gateway.getLlmsTxt",
      path: "/llms.txt",
      summary: "Get the description of the gateway for language models",
      answers: { 200: { description: "Markdown.", content_type: "text/plain" } },
    },
    {
      ...shared,
      id: "gateway.getKeys",
      path: "/.well-known/jwks.json",
      summary: "Get the public keys that sign deliveries",
      answers: { 200: { description: "A JWK set.", schema: keySet, content_type: "application/jwk-set+json" } },
    },
    {
      ...shared,
      id: "gateway.getLog",
      path: "/.well-known/hookgate-log",
      summary: "Get the signed ends of the log's chains of segments",
      answers: { 200: { description: "The chains.", schema: publishedLog } },
    },
    {
      ...shared,
      id: "gateway.authorizationCallback",
      path: "/oauth/callback",
      summary: "Receive a user back from an authorization server",
      query: { state: text, code: text, error: text, error_description: text },
      answers: { 200: { description: "A page.", content_type: "text/html" } },
      problems: { 400: "The destination was not authorized; a browser gets this as a page." },
    },
  ],
};
