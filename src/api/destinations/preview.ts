import * as z from "zod/mini";
import type { Context } from "../../context.ts";
import { renderBody } from "../../delivery/request/body.ts";
import type { Body } from "../../delivery/request/rendered-body.ts";
import { decodeUtf8 } from "../../model/utf8.ts";
import type { Payload } from "../../model/destination.ts";
import { ok } from "../../model/result.ts";
import { SHOWS_MANY } from "../../storage/config/api-idempotency-keys.ts";
import { findDestination } from "../../storage/destinations/destinations.ts";
import {
  type NoDeliverable,
  type StoredDeliverable,
  findDeliverable,
  newestDeliverableId,
} from "../../storage/events/log.ts";
import { atEachShard, findIn } from "../across-shards.ts";
import { endpoint, optionalJsonBody, returns } from "../endpoint.ts";
import { notFound, refuseBody } from "../problems.ts";
import { answerSchema, idOf, requestSchema } from "../schema.ts";
import { acceptedPayload } from "./payload-fields.ts";
import { resolvePayload } from "./resolve-payload.ts";

/** The part of a body that is shown, in bytes: a response stored for its Idempotency-Key must fit in a row, escaped and sealed. */
const MAX_SHOWN = 131_072;
/** Stands for secret options: a preview shows the body, but not secrets to everyone who may write. */
const HIDDEN = "[secret]";

const NOT_RENDERED = {
  unknown: "is not the id of an event",
  not_deliverable: "is the id of an event without a deliverable outcome",
  erased: "is the id of an event whose content is gone",
} as const satisfies Record<NoDeliverable, string>;

const previewRequest = requestSchema(
  "DestinationPreviewRequest",
  z.strictObject({
    event_id: z.optional(z.string().check(z.maxLength(100))),
    payload: z.optional(acceptedPayload),
  }),
);
const destinationPreview = answerSchema(
  "DestinationPreview",
  z.discriminatedUnion("ok", [
    z.strictObject({
      ok: z.literal(true),
      event_id: idOf("evt"),
      content_type: z.string(),
      body: z.optional(z.string()),
      body_base64: z.optional(z.string()).check(z.describe("Instead of `body` if the body is not UTF-8 text.")),
      truncated: z.optional(z.literal(true)),
      bytes: z.optional(z.int()).check(z.describe("The full length, if the body is truncated.")),
      url: z.optional(z.url()).check(z.describe("The URL of the request, if it is not the destination's own.")),
    }),
    z.strictObject({
      ok: z.literal(false),
      event_id: z.nullable(idOf("evt")),
      error: z.string(),
      rendered: z.optional(z.string()).check(z.describe("The text that the template gave, if it is not valid.")),
      truncated: z.optional(z.literal(true)),
      bytes: z.optional(z.int()).check(z.describe("The full length, if the text is truncated.")),
    }),
  ]),
);

function hiddenSecrets(payload: Payload): Readonly<Record<string, string>> {
  if (payload.mode !== "preset") return {};
  return Object.fromEntries(Object.keys(payload.sealed_options).map((name) => [name, HIDDEN]));
}

/** The length of the longest start of a UTF-8 text, up to a limit, that ends with a whole character. */
function wholeCharacters(bytes: Uint8Array, most: number): number {
  let end = most;
  while (end > 0 && ((bytes[end] ?? 0) & 0xc0) === 0x80) end -= 1;
  return end;
}

/** The start of a body as text, or null if it is not UTF-8. `cut` says how much of it is missing. */
function startOf(bytes: Uint8Array) {
  const isCut = bytes.byteLength > MAX_SHOWN;
  const text = decodeUtf8(isCut ? bytes.subarray(0, wholeCharacters(bytes, MAX_SHOWN)) : bytes);
  return { text, cut: isCut ? ({ truncated: true, bytes: bytes.byteLength } as const) : {} };
}

function viewBody({ bytes, content_type, url }: Body, ownUrl: string) {
  const { text, cut } = startOf(bytes);
  return {
    content_type,
    ...(text === null ? { body_base64: bytes.subarray(0, MAX_SHOWN).toBase64() } : { body: text }),
    ...cut,
    ...(url === undefined || url === ownUrl ? {} : { url }),
  };
}

/** What a template gave whose result was refused as JSON; nothing if it gave no text. */
async function viewRefused(payload: Payload, url: string, event: StoredDeliverable) {
  if (payload.mode !== "template") return {};
  const body = await renderBody({ ...payload, content_type: "text/plain" }, {}, url, event);
  if (!body.ok) return {};
  const { text, cut } = startOf(body.value.bytes);
  return text === null ? {} : { rendered: text, ...cut };
}

/** The newest deliverable event of any shard; null if there is none. */
async function newestId(context: Context): Promise<string | null> {
  const ids = await Promise.all(atEachShard(context).map(newestDeliverableId));
  const known = ids.filter((id) => id !== null);
  return known.toSorted().at(-1) ?? null;
}

async function find(context: Context, id: string): Promise<StoredDeliverable | NoDeliverable> {
  const located = await findIn(context, async (at) => {
    const event = await findDeliverable(at, id);
    return event === "unknown" ? null : event;
  });
  return located?.found ?? "unknown";
}

export const preview = endpoint({
  id: "destinations.preview",
  method: "POST",
  path: "/destinations/{id}/preview",
  scope: "write",
  summary: "Show what would be sent",
  description:
    "For the named event or the newest one, with the destination's payload or another. Nothing is stored or sent.",
  body: optionalJsonBody(previewRequest),
  answers: { 200: returns(destinationPreview, "The body, or why it cannot be rendered.") },
}).handle(async ({ context, id, body: { event_id, payload } }) => {
  const destination = await findDestination(context.primary, id);
  if (destination === null) return notFound("destination");
  const resolved =
    payload === undefined
      ? ok(destination.payload)
      : await resolvePayload(context.keys, payload, destination.id, destination.payload);
  if (!resolved.ok) return refuseBody(resolved.error);
  const eventId = event_id ?? (await newestId(context));
  if (eventId === null) {
    const error = "There is no event to render yet. Send one to an integration first.";
    return { status: 200, body: { ok: false, event_id: null, error } };
  }
  const event = await find(context, eventId);
  if (typeof event === "string") return refuseBody([{ path: "event_id", message: NOT_RENDERED[event] }]);
  const body = await renderBody(resolved.value, hiddenSecrets(resolved.value), destination.url, event);
  if (!body.ok) {
    const refused = await viewRefused(resolved.value, destination.url, event);
    return { status: 200, body: { ok: false, event_id: eventId, error: body.error, ...refused }, shows: SHOWS_MANY };
  }
  const shown = viewBody(body.value, destination.url);
  return { status: 200, body: { ok: true, event_id: eventId, ...shown }, shows: SHOWS_MANY };
});
