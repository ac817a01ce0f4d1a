import * as z from "zod/mini";
import { withShard } from "../../context.ts";
import { payloadOf } from "../../model/event.ts";
import { findShard } from "../../platform/shards.ts";
import { findIntegration } from "../../storage/config/integrations.ts";
import { type Sample, readSamples } from "../../storage/events/log.ts";
import { type Shown, endpoint, returns } from "../endpoint.ts";
import { limitUpTo } from "../paging.ts";
import { notFound, shardNotBound } from "../problems.ts";
import { anyJson, answerSchema, headerValues, idOf, time } from "../schema.ts";

const DEFAULT_SAMPLES = 3;
const MAX_SAMPLES = 25;

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
const sampleList = answerSchema("SampleList", z.strictObject({ data: z.array(sample) }));

function viewSample({ id, received_at, content }: Sample): Shown<typeof sample> {
  const { method, query, headers, body, body_encoding } = content.request;
  return { event_id: id, received_at, method, query, headers, body, body_encoding, payload: payloadOf(content) };
}

export const listSamples = endpoint({
  id: "integrations.samples.list",
  method: "GET",
  path: "/integrations/{id}/samples",
  scope: "read",
  summary: "List the latest requests to an integration",
  query: { limit: limitUpTo(MAX_SAMPLES, DEFAULT_SAMPLES) },
  answers: { 200: returns(sampleList, "The requests, newest first.") },
}).handle(async ({ context, id, query }) => {
  const integration = await findIntegration(context.primary, id);
  if (integration === null) return notFound("integration");
  const shard = findShard(context.shards, integration.shard);
  if (shard === null) return shardNotBound(integration.shard);
  const latest = await readSamples(withShard(context, shard), integration.id, query.limit);
  return { status: 200, body: { data: latest.map(viewSample) } };
});
