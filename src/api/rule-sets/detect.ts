import * as z from "zod/mini";
import { type Context, withShard } from "../../context.ts";
import { storedHeaders } from "../../ingest/redact.ts";
import type { Integration } from "../../model/integration.ts";
import { decodeUtf8 } from "../../model/utf8.ts";
import { findShard } from "../../platform/shards.ts";
import { decodeText } from "../../sources/reading/charset.ts";
import { type Candidate, detectRuleSets } from "../../sources/rules/detect.ts";
import { RULE_SET_CATEGORIES } from "../../sources/rules/sets/rule-set.ts";
import { ruleSetSummaries } from "../../sources/rules/summaries.ts";
import type { SourceRequest } from "../../sources/source.ts";
import { findIntegration } from "../../storage/config/integrations.ts";
import { type Sample, readSamples } from "../../storage/events/log.ts";
import { type Shown, endpoint, rawBody, returns } from "../endpoint.ts";
import { idFilter } from "../paging.ts";
import { notFound, shardNotBound } from "../problems.ts";
import { decodeSample, senderHeaders } from "../sample-request.ts";
import { answerSchema } from "../schema.ts";

const MAX_CANDIDATES = 3;
/** The requests of an integration that are compared. */
const MAX_SAMPLES = 3;
/** The events that are scanned for them. */
const MAX_SCANNED = 2_000;

const candidate = z.strictObject({
  name: z.string().check(z.describe("For `options.rule_set` of an integration.")),
  title: z.string(),
  category: z.enum(RULE_SET_CATEGORIES),
  confidence: z
    .number()
    .check(z.describe("At most 1: the share of the members that the rule set reads and the request has.")),
  integration: z
    .strictObject({ type: z.literal("rules"), options: z.strictObject({ rule_set: z.string() }) })
    .check(
      z.describe("For `POST /integrations`, and for `PATCH /integrations/{id}` of a `catch` or `rules` integration."),
    ),
});

const detection = answerSchema(
  "RuleSetDetection",
  z.strictObject({
    data: z.array(candidate),
    requests: z.int().check(z.describe("How many requests were compared: the body, or samples of the integration.")),
  }),
);

function show({ name, confidence }: Candidate): readonly Shown<typeof candidate>[] {
  const summary = ruleSetSummaries().find((each) => each.name === name);
  if (summary === undefined) return [];
  const { title, category } = summary;
  const rounded = Math.round(confidence * 100) / 100;
  return [{ name, title, category, confidence: rounded, integration: { type: "rules", options: { rule_set: name } } }];
}

function requestOf({ content: { request } }: Sample): SourceRequest {
  const { method, query, headers, body, body_encoding } = request;
  const bytes = body_encoding === "base64" ? Uint8Array.fromBase64(body) : new TextEncoder().encode(body);
  return { method, query, headers, body: bytes, ...decodeText(bytes, headers["content-type"] ?? "") };
}

/** Returns the candidates of several requests of one sender: the mean of the confidences. */
function detectIn(requests: readonly SourceRequest[]): readonly Candidate[] {
  const sums = new Map<string, number>();
  for (const request of requests) {
    for (const { name, confidence } of detectRuleSets(request)) sums.set(name, (sums.get(name) ?? 0) + confidence);
  }
  const means = [...sums].map(([name, sum]) => ({ name, confidence: sum / requests.length }));
  return means.toSorted((a, b) => b.confidence - a.confidence).slice(0, MAX_CANDIDATES);
}

/** Matches a body that names an integration and is no webhook. */
const NAMED = /^\s*\{\s*"integration_id"\s*:\s*"(int_[0-9A-Za-z]{1,60})"\s*\}\s*$/;
const MAX_NAMED_BYTES = 200;

function namedIn(body: Uint8Array): string | undefined {
  return body.byteLength > MAX_NAMED_BYTES ? undefined : NAMED.exec(decodeUtf8(body) ?? "")?.[1];
}

async function samplesOf(
  context: Context,
  { id, shard: number }: Integration,
): Promise<readonly SourceRequest[] | null> {
  const shard = findShard(context.shards, number);
  if (shard === null) return null;
  const samples = await readSamples(withShard(context, shard), id, MAX_SAMPLES, MAX_SCANNED);
  return samples.map(requestOf);
}

export const detect = endpoint({
  id: "ruleSets.detect",
  method: "POST",
  path: "/rule-sets/detect",
  scope: "write",
  summary: "Find the rule set for a webhook",
  description:
    "Send a webhook in the form in which its sender sends it, or name an integration whose latest requests are compared instead, in the query or as the only member of the body. It returns at most three rule sets, the likeliest first; none if no tool is known that sends this. Nothing is stored.",
  query: { integration_id: idFilter },
  body: rawBody("The webhook, at most 1 MB; empty with `integration_id`."),
  answers: { 200: returns(detection, "The likeliest rule sets.") },
  problems: {
    404: "There is no such integration.",
    415: "The body has a content coding that the gateway cannot undo.",
  },
}).handle(async ({ context, method, headers: given, query, body: sent }) => {
  const integration_id = query.integration_id ?? namedIn(sent);
  let requests: readonly SourceRequest[];
  if (integration_id === undefined) {
    const decoded = await decodeSample(sent, given);
    if (!decoded.ok) return decoded;
    const headers = storedHeaders(senderHeaders(given), { type: "none" });
    const body = decoded.value;
    const text = decodeText(body, given.get("content-type") ?? "");
    requests = body.byteLength === 0 ? [] : [{ method, query: "", headers, body, ...text }];
  } else {
    const integration = await findIntegration(context.primary, integration_id);
    if (integration === null) return notFound("integration");
    const samples = await samplesOf(context, integration);
    if (samples === null) return shardNotBound(integration.shard);
    requests = samples;
  }
  return { status: 200, body: { data: detectIn(requests).flatMap(show), requests: requests.length } };
});
