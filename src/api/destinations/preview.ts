import * as z from "zod/mini";
import type { Body } from "../../delivery/request/rendered-body.ts";
import { renderBody } from "../../delivery/request/body.ts";
import { decodeUtf8 } from "../../ingest/stored-request.ts";
import type { Destination, Payload } from "../../model/destination.ts";
import { ok } from "../../model/result.ts";
import {
  type NoDeliverable,
  type StoredDeliverable,
  findDeliverable,
  newestDeliverableId,
} from "../../storage/events/deliverables.ts";
import { findDestination } from "../../storage/destinations/destinations.ts";
import { parseBody } from "../body.ts";
import { findIn } from "../across-shards.ts";
import type { Call, Verb } from "../call.ts";
import { payload, settlePayload } from "./payload.ts";
import { notFound, refuseBody } from "../problems.ts";

/** How much of a body is shown, in bytes: an answer that is kept for its Idempotency-Key has to fit in a row, escaped and sealed. */
const MAX_SHOWN = 131_072;
/** Stands for secret options: a preview shows what is sent, but not to everyone who may read. */
const HIDDEN = "[secret]";

const NOT_RENDERED = {
  unknown: "names no event",
  untold: "names an event that nobody is told of",
  erased: "names an event whose content is gone",
} as const satisfies Record<NoDeliverable, string>;

export const previewRequest = z.strictObject({
  event_id: z.optional(z.string().check(z.maxLength(100))),
  payload: z.optional(payload),
});

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
  const isCut = bytes.byteLength > MAX_SHOWN;
  const text = decodeUtf8(isCut ? bytes.subarray(0, wholeCharacters(bytes, MAX_SHOWN)) : bytes);
  const body = text === null ? { body_base64: bytes.subarray(0, MAX_SHOWN).toBase64() } : { body: text };
  return {
    content_type,
    ...body,
    ...(isCut ? { truncated: true, bytes: bytes.byteLength } : {}),
    ...(url === undefined || url === destination.url ? {} : { url }),
  };
}

/** The newest event of any shard that somebody could be told of; null where there is none. */
async function newestId({ context }: Call): Promise<string | null> {
  const ids = await Promise.all(context.shards.map(({ db }) => newestDeliverableId(db)));
  return (
    ids
      .filter((id) => id !== null)
      .toSorted()
      .at(-1) ?? null
  );
}

async function find({ context }: Call, id: string): Promise<StoredDeliverable | NoDeliverable> {
  const where = await findIn(context, async (at) => {
    const event = await findDeliverable(at, id);
    return event === "unknown" ? null : event;
  });
  return where?.found ?? "unknown";
}

/** What a destination would be sent of an event on record, with its own payload or another. Nothing is stored or sent. */
export const previewPayload: Verb = async (call) => {
  const destination = await findDestination(call.context.primary, call.id);
  if (destination === null) return notFound("destination");
  const request = parseBody(call.bodyText.trim() === "" ? "{}" : call.bodyText, previewRequest);
  if (!request.ok) return request;
  const { event_id: named, payload: given } = request.value;
  const settled =
    given === undefined ? ok(destination.payload) : await settlePayload(call, given, destination.id, destination);
  if (!settled.ok) return refuseBody(settled.error);
  const eventId = named ?? (await newestId(call));
  if (eventId === null) {
    const error = "There is no event yet to show it with. Send one to an integration first.";
    return ok({ status: 200, body: { ok: false, event_id: null, error } });
  }
  const event = await find(call, eventId);
  if (typeof event === "string") return refuseBody([{ path: "event_id", message: NOT_RENDERED[event] }]);
  const body = await renderBody(settled.value, hiddenSecrets(settled.value), destination.url, event);
  return ok({
    status: 200,
    body: body.ok
      ? { ok: true, event_id: eventId, ...shown(body.value, destination) }
      : { ok: false, event_id: eventId, error: body.error },
  });
};
