import { withShard } from "../../context.ts";
import { interpret } from "../../ingest/interpret.ts";
import { keptHeaders } from "../../ingest/redact.ts";
import { decodeUtf8 } from "../../ingest/stored-request.ts";
import { fail, ok } from "../../model/result.ts";
import { previewEvents } from "../../pipeline/preview.ts";
import { findShard } from "../../platform/shards.ts";
import { findIntegration } from "../../storage/config/integrations.ts";
import type { Verb } from "../call.ts";
import { notFound, shardNotBound } from "../problems.ts";

const PLAIN: readonly string[] = ["", "identity"];

/** What the integration would make of this request, were it a webhook. Nothing is stored, queued or sent. */
export const preview: Verb = async (call) => {
  const integration = await findIntegration(call.context.primary, call.id);
  if (integration === null) return notFound("integration");
  const shard = findShard(call.context.shards, integration.shard);
  if (shard === null) return shardNotBound(integration.shard);
  const { method, url, bodyBytes: body } = call;
  const headers = new Headers(call.headers);
  if (!PLAIN.includes((headers.get("content-encoding") ?? "").trim().toLowerCase())) {
    return fail({
      status: 415,
      title: "The body is encoded.",
      detail: "Send it as it is, without a Content-Encoding.",
    });
  }
  // It names the administrator, not the sender.
  headers.delete("authorization");
  const kept = keptHeaders(headers, integration.auth);
  const request = { method, query: url.search.slice(1), headers: kept, body, text: decodeUtf8(body) };
  const interpreted = await interpret(integration, request, headers, call.context.mint);
  if (!interpreted.ok) return ok({ status: 200, body: { accepted: false, errors: interpreted.error } });
  const events = await previewEvents(withShard(call.context, shard), interpreted.value.messages);
  return ok({ status: 200, body: { accepted: true, events } });
};
