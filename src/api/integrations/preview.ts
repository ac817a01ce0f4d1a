import * as z from "zod/mini";
import { withShard } from "../../context.ts";
import { interpret } from "../../ingest/interpret.ts";
import { storedHeaders } from "../../ingest/redact.ts";
import { ACTIONS, MESSAGE_TYPES, OUTCOMES } from "../../model/event.ts";
import { previewEvents } from "../../pipeline/preview.ts";
import { findShard } from "../../platform/shards.ts";
import { decodeText } from "../../sources/reading/charset.ts";
import { findIntegration } from "../../storage/config/integrations.ts";
import { senderFields } from "../alerts/fields.ts";
import { endpoint, rawBody, returns } from "../endpoint.ts";
import { authVerdict, verdictOn } from "./auth-verdict.ts";
import { SENDER_AUTHORIZATION, decodeSample, senderHeaders } from "../sample-request.ts";
import { MAX_PREVIEWED, messagesForPreview } from "../transformations/pass-for-preview.ts";
import { addressOf } from "./fields.ts";
import { notFound, shardNotBound } from "../problems.ts";
import { anyJson, answerSchema, fieldErrors, idOf } from "../schema.ts";

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
  description: `Send a webhook in the form in which its sender sends it. Nothing is stored or sent. An \`Idempotency-Key\` is read as the sender's. \`authentication\` says whether the credentials or the signature would be accepted; \`accepted\` and \`events\` are what the content is without that check, after the transformation of the integration (of at most ${MAX_PREVIEWED} events). Give the sender's \`Authorization\` in the header \`${SENDER_AUTHORIZATION}\`.`,
  body: rawBody("The webhook, at most 1 MB."),
  answers: { 200: returns(integrationPreview, "The events, or what is wrong with the webhook.") },
  problems: {
    429: "Too many transformations run at once.",
    415: "The body has a content coding that the gateway cannot undo.",
  },
}).handle(async ({ context, id, method, url, headers: given, body: sent }) => {
  const integration = await findIntegration(context.primary, id);
  if (integration === null) return notFound("integration");
  const shard = findShard(context.shards, integration.shard);
  if (shard === null) return shardNotBound(integration.shard);
  const decoded = await decodeSample(sent, given);
  if (!decoded.ok) return decoded;
  const body = decoded.value;
  const headers = senderHeaders(given);
  const query = url.search.slice(1);
  const sample = { method, query, headers, body, sent: body === sent ? null : sent };
  const authentication = await verdictOn(context, integration, sample, addressOf(url.origin, integration));
  const kept = storedHeaders(headers, integration.auth, query);
  const text = decodeText(body, headers.get("content-type") ?? "");
  const request = { method, query, headers: kept, body, ...text };
  const interpreted = await interpret(integration, request, { headers, identity: null }, context.mint);
  if (!interpreted.ok) return { status: 200, body: { accepted: false, authentication, errors: interpreted.error } };
  const passed = await messagesForPreview(context, integration, interpreted.value.messages);
  if (!passed.ok) return passed;
  const events = await previewEvents(withShard(context, shard), passed.value);
  return { status: 200, body: { accepted: true, authentication, events } };
});
