import * as z from "zod/mini";
import type { Context } from "../../context.ts";
import { renderRequest } from "../../delivery/request/body.ts";
import { missingValues } from "../../delivery/request/needed-values.ts";
import { hasRequests } from "../../delivery/request/remembers.ts";
import type { Body } from "../../delivery/request/rendered-body.ts";
import { decodeUtf8 } from "../../model/utf8.ts";
import { type Captured, NOTHING_CAPTURED } from "../../model/captured.ts";
import { type Destination, METHODS, type Payload } from "../../model/destination.ts";
import type { Deliverable } from "../../model/envelope.ts";
import { MESSAGE_TYPES } from "../../model/event-types.ts";
import { ok } from "../../model/result.ts";
import { SHOWS_MANY } from "../../storage/config/api-idempotency-keys.ts";
import type { ShardDatabase } from "../../platform/shards.ts";
import { readCapturedOfAlert } from "../../storage/alerts/captured-values.ts";
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
import { passForPreview } from "../transformations/pass-for-preview.ts";
import { acceptedPayload } from "./payload-fields.ts";
import { acceptedRequests } from "./request-fields.ts";
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
    requests: z.optional(acceptedRequests),
    event_type: z
      .optional(z.enum(MESSAGE_TYPES))
      .check(z.describe("Shows the event as if it were of this type, with the request of the type.")),
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
      method: z.optional(z.enum(METHODS)).check(z.describe("The method, if it is not the destination's own.")),
      placeholders: z
        .optional(z.array(z.string()))
        .check(z.describe("Captured values that the alert does not have yet. Their names stand in their place.")),
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

function viewBody({ bytes, content_type, url, method }: Body, ownUrl: string) {
  const { text, cut } = startOf(bytes);
  return {
    content_type,
    ...(text === null ? { body_base64: bytes.subarray(0, MAX_SHOWN).toBase64() } : { body: text }),
    ...cut,
    ...(url === undefined || url === ownUrl ? {} : { url }),
    ...(method === undefined ? {} : { method }),
  };
}

/** What a template gave whose result was refused as JSON; nothing if it gave no text. */
async function viewRefused({ payload, requests, ...rest }: Previewed, event: Deliverable, captured: Captured) {
  const own = requests[event.type];
  const content_type = "text/plain";
  const isOwn = own?.body !== undefined;
  if (!isOwn && payload.mode !== "template") return {};
  const plain = {
    ...rest,
    payload: payload.mode === "template" ? { ...payload, content_type } : payload,
    requests: isOwn ? { ...requests, [event.type]: { ...own, content_type } } : requests,
  };
  const body = await renderRequest(plain, {}, event, captured);
  if (!body.ok) return {};
  const { text, cut } = startOf(body.value.bytes);
  return text === null ? {} : { rendered: text, ...cut };
}

type Previewed = Pick<Destination, "id" | "url" | "payload" | "requests">;

/** What the destination captured for the event's alert, and names in place of what it has not captured. */
async function readCaptured(
  { payload, requests, id }: Previewed,
  event: StoredDeliverable,
  db: ShardDatabase,
): Promise<{ readonly captured: Captured; readonly placeholders: readonly string[] }> {
  const known = event.alert_id === null ? [] : await readCapturedOfAlert(db, event.alert_id);
  const captured = known.find((each) => each.destination_id === id)?.captured ?? NOTHING_CAPTURED;
  const own = requests[event.type];
  const usual = payload.mode === "template" ? payload.body : undefined;
  // Without requests, nothing is captured: `captured` is a member of the sender's payload like any other.
  const placeholders = hasRequests({ requests }) ? missingValues([own?.url, own?.body ?? usual], captured) : [];
  return { captured: { ...captured, ...Object.fromEntries(placeholders.map((name) => [name, name])) }, placeholders };
}

/** The newest deliverable event of any shard; null if there is none. */
async function newestId(context: Context): Promise<string | null> {
  const ids = await Promise.all(atEachShard(context).map(newestDeliverableId));
  const known = ids.filter((id) => id !== null);
  return known.toSorted().at(-1) ?? null;
}

type Found = { readonly event: StoredDeliverable; readonly db: ShardDatabase };

async function find(context: Context, id: string): Promise<Found | NoDeliverable> {
  const located = await findIn(context, async (at): Promise<Found | NoDeliverable | null> => {
    const event = await findDeliverable(at, id);
    if (event === "unknown") return null;
    return typeof event === "string" ? event : { event, db: at.shard.db };
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
    "For the named event or the newest one, with the destination's payload and requests or others. Nothing is stored or sent.",
  body: optionalJsonBody(previewRequest),
  answers: { 200: returns(destinationPreview, "The body, or why it cannot be rendered.") },
}).handle(async ({ context, id, body: { event_id, payload, requests, event_type } }) => {
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
  const found = await find(context, eventId);
  if (typeof found === "string") return refuseBody([{ path: "event_id", message: NOT_RENDERED[found] }]);
  const event = { ...found.event, type: event_type ?? found.event.type };
  const previewed = { ...destination, payload: resolved.value, requests: requests ?? destination.requests };
  const { captured, placeholders } = await readCaptured(previewed, event, found.db);
  const passed = await passForPreview(context, previewed, event);
  if (!passed.ok) return passed;
  if ("reason" in passed.value) {
    const { reason } = passed.value;
    return { status: 200, body: { ok: false, event_id: eventId, error: reason }, shows: SHOWS_MANY };
  }
  const body = await renderRequest(previewed, hiddenSecrets(resolved.value), passed.value, captured);
  if (!body.ok) {
    const refused = await viewRefused(previewed, passed.value, captured);
    return { status: 200, body: { ok: false, event_id: eventId, error: body.error, ...refused }, shows: SHOWS_MANY };
  }
  const named = placeholders.length === 0 ? {} : { placeholders: [...placeholders] };
  const shown = viewBody(body.value, destination.url);
  return { status: 200, body: { ok: true, event_id: eventId, ...shown, ...named }, shows: SHOWS_MANY };
});
