import * as z from "zod/mini";
import { withShard } from "../../context.ts";
import { interpret } from "../../ingest/interpret.ts";
import { storedHeaders } from "../../ingest/redact.ts";
import { ACTIONS, MESSAGE_TYPES, OUTCOMES } from "../../model/event.ts";
import { fail } from "../../model/result.ts";
import { codingsOf } from "../../net/content-codings.ts";
import { type DecodeBodyError, decodeBody } from "../../net/decode-body.ts";
import type { Problem } from "../../net/problem.ts";
import { previewEvents } from "../../pipeline/preview.ts";
import { findShard } from "../../platform/shards.ts";
import { decodeText } from "../../sources/reading/charset.ts";
import { findIntegration } from "../../storage/config/integrations.ts";
import { senderFields } from "../alerts/fields.ts";
import { endpoint, rawBody, returns } from "../endpoint.ts";
import { SENDER_AUTHORIZATION, authVerdict, verdictOn } from "./auth-verdict.ts";
import { addressOf } from "./fields.ts";
import { notFound, shardNotBound } from "../problems.ts";
import { anyJson, answerSchema, fieldErrors, idOf } from "../schema.ts";

/** The size of a sample after its content coding is undone. */
const MAX_BODY_BYTES = 1_000_000;

function codingProblem(error: DecodeBodyError): Problem {
  switch (error) {
    case "unsupported": {
      const detail = "Send it with the Content-Encoding gzip or deflate, or without one.";
      return { code: "encoded_body", title: "The body has a content coding that this gateway cannot undo.", detail };
    }
    case "too_large":
      return { code: "body_too_large", title: "The body is too large: the limit is 1 MB." };
    case "invalid":
      return { code: "invalid_request", title: "The body cannot be decompressed." };
  }
}

/** Returns the headers of the sample. `Authorization` and `Cookie` of the request authenticate the API's client, not the sender. */
function senderHeaders(given: Headers): Headers {
  const headers = new Headers(given);
  headers.delete("authorization");
  headers.delete("cookie");
  const authorization = headers.get(SENDER_AUTHORIZATION);
  if (authorization !== null) headers.set("authorization", authorization);
  headers.delete(SENDER_AUTHORIZATION);
  return headers;
}

const integrationPreview = answerSchema(
  "IntegrationPreview",
  z.discriminatedUnion("accepted", [
    z.strictObject({
      accepted: z.literal(true),
      authentication: authVerdict,
      events: z.array(
        z.strictObject({
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
        }),
      ),
    }),
    z.strictObject({ accepted: z.literal(false), authentication: authVerdict, errors: fieldErrors }),
  ]),
);

export const preview = endpoint({
  id: "integrations.preview",
  method: "POST",
  path: "/integrations/{id}/preview",
  scope: "write",
  summary: "Show what a webhook would become",
  description: `Send a webhook in the form in which its sender sends it. Nothing is stored or sent. An \`Idempotency-Key\` is read as the sender's. \`authentication\` says whether the credentials or the signature would be accepted; \`accepted\` and \`events\` are what the content is without that check. Give the sender's \`Authorization\` in the header \`${SENDER_AUTHORIZATION}\`.`,
  body: rawBody("The webhook, at most 1 MB."),
  answers: { 200: returns(integrationPreview, "The events, or what is wrong with the webhook.") },
  problems: { 415: "The body has a content coding that the gateway cannot undo." },
}).handle(async ({ context, id, method, url, headers: given, body: sent }) => {
  const integration = await findIntegration(context.primary, id);
  if (integration === null) return notFound("integration");
  const shard = findShard(context.shards, integration.shard);
  if (shard === null) return shardNotBound(integration.shard);
  const codings = codingsOf(given.get("content-encoding"));
  const decoded = await decodeBody(sent, codings, MAX_BODY_BYTES);
  if (!decoded.ok) return fail(codingProblem(decoded.error));
  const body = decoded.value;
  const headers = senderHeaders(given);
  const query = url.search.slice(1);
  const sample = { method, query, headers, body, sent: codings.length === 0 ? null : sent };
  const authentication = await verdictOn(context, integration, sample, addressOf(url.origin, integration));
  const kept = storedHeaders(headers, integration.auth);
  const text = decodeText(body, headers.get("content-type") ?? "");
  const request = { method, query, headers: kept, body, ...text };
  const interpreted = await interpret(integration, request, { headers, identity: null }, context.mint);
  if (!interpreted.ok) return { status: 200, body: { accepted: false, authentication, errors: interpreted.error } };
  const events = await previewEvents(withShard(context, shard), interpreted.value.messages);
  return { status: 200, body: { accepted: true, authentication, events } };
});
