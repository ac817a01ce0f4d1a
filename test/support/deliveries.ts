import { asInvocation } from "./strict-platform/invocation.ts";
import { PAID } from "./strict-platform/limits.ts";
import { contextOf, type Context } from "../../src/context.ts";
import { createExecutionContext, waitOnExecutionContext } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { toQueuedEvent } from "../../src/ingest/queued-event.ts";
import type { EventMessage, StoredEventMessage } from "../../src/model/event.ts";
import { MAX_MESSAGE_BYTES } from "../../src/platform/limits.ts";
import { consumeEvents } from "../../src/pipeline/consume-events.ts";
import { consumeDeliveries } from "../../src/pipeline/consume-deliveries.ts";
import type { Attempt, Delivery } from "../../src/model/delivery.ts";
import { type World, eventMessage, storedEvents } from "./world.ts";
import { tables } from "./tables.ts";

/** What became of one message of a batch. */
export type Fate =
  | { readonly kind: "undecided" }
  | { readonly kind: "acked" }
  | { readonly kind: "retried"; readonly delay_seconds: number | undefined };

export type Sent = { readonly id?: string; readonly body: unknown; readonly attempts?: number };

/** A batch of a queue that keeps the delays of retries, which `getQueueResult` does not. The first decision counts. */
export function fakeBatch(
  queue: string,
  sent: readonly Sent[],
): { readonly batch: MessageBatch; readonly fates: Fate[] } {
  const fates: Fate[] = sent.map(() => ({ kind: "undecided" }));
  const decide = (index: number, fate: Fate): void => {
    if (fates[index]?.kind === "undecided") fates[index] = fate;
  };
  const decideAll = (fate: Fate): void => {
    for (const index of sent.keys()) decide(index, fate);
  };
  const messages = sent.map(({ id, body, attempts }, index): Message => ({
    id: id ?? `message-${index}`,
    body,
    attempts: attempts ?? 1,
    timestamp: new Date(),
    ack: () => decide(index, { kind: "acked" }),
    retry: (options) => decide(index, { kind: "retried", delay_seconds: options?.delaySeconds }),
  }));
  const batch: MessageBatch = {
    queue,
    messages,
    metadata: { metrics: { backlogCount: 0, backlogBytes: 0 } },
    ackAll: () => decideAll({ kind: "acked" }),
    retryAll: () => decideAll({ kind: "retried", delay_seconds: undefined }),
  };
  return { batch, fates };
}

/** Has the DELIVERIES consumer take messages as one batch, to the end; answers what became of them. */
export async function takeDeliveries(context: Context, sent: readonly Sent[]): Promise<readonly Fate[]> {
  const { batch, fates } = fakeBatch("hookgate-deliveries", sent);
  const ctx = createExecutionContext();
  await asInvocation(PAID, () => consumeDeliveries(context, batch, ctx));
  await waitOnExecutionContext(ctx);
  return fates;
}

/** The same for messages that come for the first time. */
export function consume(world: World, bodies: readonly unknown[]): Promise<readonly Fate[]> {
  return takeDeliveries(
    world.context,
    bodies.map((body) => ({ body })),
  );
}

/** Has the DELIVERIES consumer take what is in its queue now. */
export function consumeQueued(world: World): Promise<readonly Fate[]> {
  return consume(world, world.queued.splice(0));
}

/** Every delivery on record, oldest event first. */
export async function storedDeliveries(): Promise<readonly Delivery[]> {
  return (await storedEvents()).flatMap((event) => event.deliveries);
}

/** The only delivery on record. */
export async function onlyDelivery(): Promise<Delivery> {
  const [first, ...others] = await storedDeliveries();
  if (first === undefined || others.length > 0) throw new Error("not one delivery");
  return first;
}

/** Changes columns of a destination in the database, as an administrator would. */
export async function changeDestination(
  id: string,
  column: "enabled" | "url" | "timeout_ms",
  value: number | string,
): Promise<void> {
  await tables.destinations.update({ id }, { [column]: value });
  contextOf(env).caches.config.forget();
}

/** An attempt that failed at a time. */
export function failedAttempt(at: string, changes: Partial<Attempt> = {}): Attempt {
  return {
    number: 1,
    at,
    status: 503,
    duration_ms: 12,
    response_body: null,
    error: "The destination responded with status 503.",
    ...changes,
  };
}

/** An event that is not to be in a row, as ingest leaves it: in R2, and a reference for the queue. */
export async function storeLarge(
  key = "disk",
  length = 150_000,
): Promise<{
  readonly message: EventMessage;
  readonly reference: StoredEventMessage;
}> {
  const small = eventMessage("create", key);
  const body = JSON.stringify({ event_type: "create", Id: key, filler: "x".repeat(length) });
  const message = { ...small, content: { ...small.content, request: { ...small.content.request, body } } };
  const shrunk = await toQueuedEvent(env.BODIES, message, Math.min(MAX_MESSAGE_BYTES, length));
  if (shrunk.kind !== "done" || !("stored_at" in shrunk.value.message)) throw new Error("not stored");
  return { message, reference: shrunk.value.message };
}

/** R2 while it cannot be read. */
export function unreadableBodies(): R2Bucket {
  return new Proxy(env.BODIES, {
    get: (target, name) => (name === "get" ? () => Promise.reject(new Error("R2 is down")) : Reflect.get(target, name)),
  });
}

export type Letter = {
  readonly id: string;
  readonly queue: string;
  readonly message: string;
  readonly received_at: string;
};

/** What is kept of dead letters, in order of the messages' ids. */
export async function deadLetters(): Promise<Letter[]> {
  return await tables.dead_letters.all<Letter>();
}

/** Has the EVENTS consumer take messages as one batch, to the end; answers what became of them. */
export async function takeEvents(context: Context, sent: readonly Sent[]): Promise<readonly Fate[]> {
  const { batch, fates } = fakeBatch("hookgate-events", sent);
  const ctx = createExecutionContext();
  await asInvocation(PAID, () => consumeEvents(context, batch, ctx));
  await waitOnExecutionContext(ctx);
  return fates;
}
