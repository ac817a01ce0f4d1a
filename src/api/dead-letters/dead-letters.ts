import { withTimeout } from "../../platform/with-timeout.ts";
import { parseCloseGroupMessage, parseDeliveryMessage } from "../../model/delivery.ts";
import { parseEventMessage } from "../../model/event.ts";
import { isJsonObject } from "../../model/json.ts";
import { parseReplayMessage } from "../../model/replay.ts";
import { fail, ok } from "../../model/result.ts";
import {
  type DeadLetter,
  type LetterPlace,
  deleteDeadLetter,
  findDeadLetter,
  listDeadLetters,
  moveToOutbox,
} from "../../storage/pipeline/dead-letters.ts";
import { atEachShard, findIn, listIn } from "../across-shards.ts";
import type { Verb } from "../call.ts";
import { type AdminApp, mount } from "../mount.ts";
import { listAnswer, parseListQuery } from "../list-query.ts";
import { notFound } from "../problems.ts";

const SEND_LIMIT_MS = 3_000;
/** How long the sweep leaves an event to the queue, in ms. */
const SWEEP_AFTER_MS = 10_000;
const TIME_LENGTH = 9;

/** Dead letters are listed by time, which their ids do not tell: a cursor has both. */
function placeOf({ received_at, id }: DeadLetter): string {
  return `dlt_${Date.parse(received_at).toString(36).padStart(TIME_LENGTH, "0")}${id}`;
}

function parsePlace(cursor: string): LetterPlace | null {
  const start = "dlt_".length;
  const ms = Number.parseInt(cursor.slice(start, start + TIME_LENGTH), 36);
  const time = new Date(ms);
  if (Number.isNaN(time.getTime())) return null;
  return { received_at: time.toISOString(), id: cursor.slice(start + TIME_LENGTH) };
}

function parseMessage({ message }: DeadLetter): unknown {
  return JSON.parse(message);
}

type Home = "events" | "deliveries";

/** The queue that a message belongs to; null where that cannot be told. */
function homeOf(letter: DeadLetter, message: unknown): Home | null {
  if (letter.queue.endsWith("-events")) return "events";
  if (letter.queue.endsWith("-deliveries")) return "deliveries";
  if (parseEventMessage(message) !== null) return "events";
  const readers = [parseDeliveryMessage, parseReplayMessage, parseCloseGroupMessage];
  return readers.some((read) => read(message) !== null) ? "deliveries" : null;
}

function view(letter: DeadLetter): object {
  const { id, queue, received_at } = letter;
  const error = queue.endsWith("-dead-letters")
    ? "It could not be processed, however often it was tried."
    : "It is nothing that this version of the gateway can read.";
  return { id, queue, error, message: parseMessage(letter), received_at };
}

const list: Verb = async (call) => {
  const query = parseListQuery(call.url, "dlt", {});
  if (!query.ok) return query;
  const { limit, before } = query.value.page;
  const after = before === null ? null : parsePlace(before);
  const { rows, next } = await listIn(atEachShard(call.context), limit, placeOf, async ({ shard: { db } }) => {
    const { rows: letters, more } = await listDeadLetters(db, after, limit);
    return { rows: letters, next: more ? (letters.slice(-1).map(placeOf)[0] ?? null) : null };
  });
  return ok(listAnswer(rows, next, view));
};

const show: Verb = async (call) => {
  const where = await findIn(call.context, ({ shard: { db } }) => findDeadLetter(db, call.id));
  return where === null ? notFound("dead letter") : ok({ status: 200, body: view(where.found) });
};

const remove: Verb = async (call) => {
  const removed = await Promise.all(call.context.shards.map(({ db }) => deleteDeadLetter(db, call.id)));
  return removed.includes(true) ? ok({ status: 204, body: null }) : notFound("dead letter");
};

/** Sends a message to its queue again. What it leads to is the same however often it is sent. */
const replay: Verb = async (call) => {
  const where = await findIn(call.context, ({ shard: { db } }) => findDeadLetter(db, call.id));
  if (where === null) return notFound("dead letter");
  const {
    at: { shard },
    found: letter,
  } = where;
  const message = parseMessage(letter);
  const home = homeOf(letter, message);
  if (home === null) return fail({ status: 409, title: "Which queue this message belongs to cannot be told." });
  const answer = ok({ status: 200, body: view(letter) } as const);
  const send = () => withTimeout(SEND_LIMIT_MS, () => shard[home].send(message, { contentType: "json" }));
  if (home === "events" && isJsonObject(message) && typeof message["id"] === "string") {
    // The outbox holds it until it is processed, whatever becomes of the queue.
    const send_at = Date.now() + SWEEP_AFTER_MS;
    await moveToOutbox(shard.db, letter.id, { id: message["id"], message: letter.message, send_at });
    await send();
    return answer;
  }
  const sent = await send();
  if (sent.kind !== "done") {
    return fail({
      status: 503,
      title: "The queue did not take the message. Try again.",
      headers: { "retry-after": "5" },
    });
  }
  await deleteDeadLetter(shard.db, letter.id);
  return answer;
};

export function mountDeadLetters(app: AdminApp): void {
  mount(app, "/dead-letters", { GET: list });
  mount(app, "/dead-letters/:id", { GET: show, DELETE: remove });
  mount(app, "/dead-letters/:id/replay", { POST: replay });
}
