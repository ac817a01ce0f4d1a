import type { Context } from "../context.ts";
import { acceptedAsIn } from "../model/acceptance.ts";
import { NO_INTEGRATION } from "../model/event.ts";
import { parseExact } from "../model/exact-json.ts";
import { eventIdOf } from "../model/ids.ts";
import { isJsonObject } from "../model/json.ts";
import { readOwnedByIntegrations, recordDeadLetters } from "../storage/pipeline/dead-letters.ts";
import { describeError, logLine } from "../platform/log.ts";
import { reportOccurrence } from "../system-events/occurrences.ts";
import { aboutShard } from "../system-events/subjects.ts";
import { retryDelaySeconds } from "./retry-delay.ts";

const MAX_ID = 50;

/** Returns the content of a message: events travel as JSON text. */
function readBody(body: unknown): unknown {
  if (typeof body !== "string") return body;
  try {
    return parseExact(body);
  } catch {
    return body;
  }
}

/** Returns a body as JSON. A queue can carry values that JSON cannot: these are kept as text. */
function jsonOf(body: unknown): string {
  try {
    return JSON.stringify(body ?? null);
  } catch {
    return JSON.stringify(String(body));
  }
}

/** Returns the id of a message in the characters that a URL can hold. */
function rowIdOf(messageId: string): string {
  return messageId.replaceAll(/[^0-9A-Za-z]/g, "").slice(0, MAX_ID);
}

/** Returns the id of the event in a message, if it has one: an unreadable event may be in the outbox, too. */
function eventIdIn(body: unknown): string[] {
  return isJsonObject(body) && typeof body["id"] === "string" ? [body["id"]] : [];
}

/** What a message is about: an event, a group, or unknown. `isOfGateway`: it carries an event of the gateway about itself. */
function aboutOf(body: unknown): { readonly id: string | null; readonly isOfGateway: boolean } {
  if (!isJsonObject(body)) return { id: null, isOfGateway: false };
  const { delivery_id, close_group, integration_id } = body;
  if (typeof delivery_id === "string") return { id: eventIdOf(delivery_id), isOfGateway: false };
  if (typeof close_group === "string") return { id: close_group, isOfGateway: false };
  return { id: null, isOfGateway: integration_id === NO_INTEGRATION };
}

/** Reports messages, without those about events of the gateway itself: what fails to deliver such an event must not make another. */
async function report(context: Context, bodies: readonly unknown[]): Promise<void> {
  const { shard } = context;
  const about = bodies.map(aboutOf);
  const ids = about.flatMap(({ id }) => id ?? []);
  const ofIntegrations = ids.length === 0 ? new Set() : await readOwnedByIntegrations(shard.db, ids);
  const count = about.filter(({ id, isOfGateway }) => (id === null ? !isOfGateway : ofIntegrations.has(id))).length;
  if (count === 0) return;
  const facts = { subject: aboutShard(shard), since_ms: context.clock(), count };
  await reportOccurrence(context, { type: "dead_letter.recorded", id: `shard ${shard.number}`, facts });
}

async function record(context: Context, queue: string, messages: readonly Message[]): Promise<void> {
  const received_at = new Date(context.clock()).toISOString();
  const read = messages.map(({ id, body }) => ({ id: rowIdOf(id), body: readBody(body) }));
  const letters = read.map(({ id, body }) => ({ id, queue, message: jsonOf(body), received_at }));
  try {
    await recordDeadLetters(
      context.shard.db,
      letters,
      read.flatMap(({ body }) => eventIdIn(body)),
      read.flatMap(({ body }) => acceptedAsIn(body) ?? []),
    );
    await report(
      context,
      read.map(({ body }) => body),
    );
    for (const message of messages) message.ack();
  } catch (error) {
    logLine("error", "dead_letters.record_failed", { queue, count: messages.length, error: describeError(error) });
    for (const message of messages) message.retry({ delaySeconds: retryDelaySeconds(message.attempts) });
  }
}

/** Records a message that is not ours, or that has a version unknown to this code. */
export async function keepUnreadable(context: Context, queue: string, message: Message): Promise<void> {
  logLine("error", "message.rejected", { queue, message_id: message.id });
  await record(context, queue, [message]);
}

/** The DEAD_LETTERS consumer. Records messages that could not be processed because of a fault of ours. */
export async function consumeDeadLetters(context: Context, batch: MessageBatch): Promise<void> {
  logLine("error", "dead_letters.received", { queue: batch.queue, count: batch.messages.length });
  await record(context, batch.queue, batch.messages);
}
