import { parseCloseGroupMessage, parseDeliveryMessage } from "../../model/delivery.ts";
import { parseEventMessage } from "../../model/event.ts";
import { isJsonObject } from "../../model/json.ts";
import { parseReplayMessage } from "../../model/replay.ts";
import { fail } from "../../model/result.ts";
import { RESCUE_AFTER_MS } from "../../platform/limits.ts";
import { sendBatch } from "../../platform/queues.ts";
import { SHOWS_MANY } from "../../storage/config/api-idempotency-keys.ts";
import {
  type DeadLetter,
  deleteDeadLetter,
  findDeadLetter,
  moveToOutbox,
} from "../../storage/pipeline/dead-letters.ts";
import { recordAction } from "../audit/record.ts";
import { findIn } from "../across-shards.ts";
import { endpoint, returns } from "../endpoint.ts";
import { notFound } from "../problems.ts";
import { deadLetter, parseMessage, viewDeadLetter } from "./fields.ts";

/** The queue that a message belongs to; null if neither its origin nor its content says so. */
function queueFor(letter: DeadLetter, message: unknown): "events" | "deliveries" | null {
  if (letter.queue.endsWith("-events")) return "events";
  if (letter.queue.endsWith("-deliveries")) return "deliveries";
  if (parseEventMessage(message) !== null) return "events";
  const readers = [parseDeliveryMessage, parseReplayMessage, parseCloseGroupMessage];
  return readers.some((read) => read(message) !== null) ? "deliveries" : null;
}

export const replay = endpoint({
  id: "deadLetters.replay",
  method: "POST",
  path: "/dead-letters/{id}/replay",
  scope: "write",
  summary: "Send a message to its queue again",
  description: "Processing a message several times has the same effect as processing it once.",
  answers: { 200: returns(deadLetter, "The dead letter that was sent.") },
  problems: { 409: "The queue of this message is unknown.", 503: "The queue did not accept the message. Try again." },
}).handle(async (request) => {
  const { context, id } = request;
  const located = await findIn(context, ({ shard: { db } }) => findDeadLetter(db, id));
  if (located === null) return notFound("dead letter");
  const { at, found: letter } = located;
  const { shard } = at;
  const message = parseMessage(letter);
  const queue = queueFor(letter, message);
  if (queue === null) return fail({ code: "unknown_queue", title: "The queue of this message is unknown." });
  await recordAction(request, "dead_letter.replayed", { id }, { queue: letter.queue });
  const body = viewDeadLetter(letter);
  const send = () => sendBatch(shard[queue], [{ body: message, contentType: "json" }], { dead_letter_id: letter.id });
  if (queue === "events" && isJsonObject(message) && typeof message["id"] === "string") {
    // The outbox keeps the event until it is processed, whether or not the queue accepts it.
    const send_at = context.clock() + RESCUE_AFTER_MS;
    await moveToOutbox(shard.db, letter.id, { id: message["id"], message: letter.message, send_at });
    await send();
    return { status: 200, body, shows: SHOWS_MANY };
  }
  if ((await send()) !== "sent") {
    return fail({
      code: "queue_unavailable",
      title: "The queue did not accept the message. Try again.",
      headers: { "retry-after": "5" },
    });
  }
  await deleteDeadLetter(shard.db, letter.id);
  return { status: 200, body, shows: SHOWS_MANY };
});
