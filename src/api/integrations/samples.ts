import { withShard } from "../../context.ts";
import * as z from "zod/mini";
import { payloadOf } from "../../model/event.ts";
import { ok } from "../../model/result.ts";
import { findShard } from "../../platform/shards.ts";
import { findIntegration } from "../../storage/config/integrations.ts";
import { type Sample, readSamples } from "../../storage/events/samples.ts";
import type { Verb } from "../call.ts";
import { check } from "../field-errors.ts";
import { notFound, refuseQuery, shardNotBound } from "../problems.ts";

const DEFAULT_LIMIT = 3;
const MAX_SAMPLES = 25;
const LIMIT_MESSAGE = `has to be a whole number from 1 to ${MAX_SAMPLES}`;

export const query = z.strictObject({
  limit: z._default(
    z
      .pipe(z.string().check(z.regex(/^\d{1,9}$/, LIMIT_MESSAGE)), z.transform(Number))
      .check(z.refine((value) => value >= 1 && value <= MAX_SAMPLES, LIMIT_MESSAGE)),
    DEFAULT_LIMIT,
  ),
});

function view({ id, received_at, content }: Sample): object {
  const { method, query: sent, headers, body, body_encoding } = content.request;
  const payload = payloadOf(content);
  return { event_id: id, received_at, method, query: sent, headers, body, body_encoding, payload };
}

/** The latest requests that came to an integration. */
export const samples: Verb = async (call) => {
  const { searchParams } = call.url;
  if (searchParams.getAll("limit").length > 1)
    return refuseQuery([{ path: "limit", message: "is given more than once" }]);
  const checked = check(query, Object.fromEntries(searchParams));
  if (!checked.ok) return refuseQuery(checked.error);
  const integration = await findIntegration(call.context.primary, call.id);
  if (integration === null) return notFound("integration");
  const shard = findShard(call.context.shards, integration.shard);
  if (shard === null) return shardNotBound(integration.shard);
  const latest = await readSamples(withShard(call.context, shard), integration.id, checked.value.limit);
  return ok({ status: 200, body: { data: latest.map(view) } });
};
