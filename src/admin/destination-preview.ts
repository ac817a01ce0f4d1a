import * as z from "zod";
import { type Body, renderBody } from "../delivery/body.ts";
import { decodeUtf8 } from "../ingest/stored-request.ts";
import type { Destination, Payload } from "../model/destination.ts";
import { ok } from "../model/result.ts";
import { type NoDeliverable, findDeliverable, newestDeliverableId } from "../storage/deliverables.ts";
import { findDestination } from "../storage/destinations.ts";
import { parseBody } from "./body.ts";
import type { Verb } from "./call.ts";
import { payload, settlePayload } from "./destination-payload.ts";
import { notFound, refuseBody } from "./problems.ts";

/** How much of a body is shown, in bytes: an answer that is kept for its Idempotency-Key has to fit in a row, escaped and sealed. */
const MOST_SHOWN = 131_072;
/** Stands for secret options: a preview shows what is sent, but not to everyone who may read. */
const HIDDEN = "[secret]";

const NOT_RENDERED = {
  unknown: "names no event",
  untold: "names an event that nobody is told of",
  erased: "names an event whose content is gone",
} as const satisfies Record<NoDeliverable, string>;

export const previewRequest = z.strictObject({ event_id: z.string().max(100).optional(), payload: payload.optional() });

function hiddenSecrets(of: Payload): Readonly<Record<string, string>> {
  return of.mode === "preset" ? Object.fromEntries(Object.keys(of.sealed_options).map((name) => [name, HIDDEN])) : {};
}

/** The length of the start of a text in UTF-8 that ends with a whole character. */
function wholeCharacters(bytes: Uint8Array, most: number): number {
  let end = most;
  while (end > 0 && ((bytes[end] ?? 0) & 0xc0) === 0x80) end -= 1;
  return end;
}

function shown({ bytes, content_type, url }: Body, destination: Destination): object {
  const isCut = bytes.byteLength > MOST_SHOWN;
  const text = decodeUtf8(isCut ? bytes.subarray(0, wholeCharacters(bytes, MOST_SHOWN)) : bytes);
  const body = text === null ? { body_base64: bytes.subarray(0, MOST_SHOWN).toBase64() } : { body: text };
  return {
    content_type,
    ...body,
    ...(isCut ? { truncated: true, bytes: bytes.byteLength } : {}),
    ...(url === undefined || url === destination.url ? {} : { url }),
  };
}

/** What a destination would be sent of an event on record, with its own payload or another. Nothing is stored or sent. */
export const previewPayload: Verb = async (call) => {
  const destination = await findDestination(call.env.DB, call.id);
  if (destination === null) return notFound("destination");
  const request = parseBody(call.bodyText.trim() === "" ? "{}" : call.bodyText, previewRequest);
  if (!request.ok) return request;
  const { event_id: named, payload: given } = request.value;
  const settled =
    given === undefined ? ok(destination.payload) : await settlePayload(call, given, destination.id, destination);
  if (!settled.ok) return refuseBody(settled.error);
  const eventId = named ?? (await newestDeliverableId(call.env.DB));
  if (eventId === null) {
    const error = "There is no event yet to show it with. Send one to an integration first.";
    return ok({ status: 200, body: { ok: false, event_id: null, error } });
  }
  const event = await findDeliverable(call.env, eventId);
  if (typeof event === "string") return refuseBody([{ path: "event_id", message: NOT_RENDERED[event] }]);
  const body = await renderBody(settled.value, hiddenSecrets(settled.value), destination.url, event);
  return ok({
    status: 200,
    body: body.ok
      ? { ok: true, event_id: eventId, ...shown(body.value, destination) }
      : { ok: false, event_id: eventId, error: body.error },
  });
};
