import { env } from "cloudflare:workers";
import { vi } from "vitest";
import { type Context, contextOf } from "../../src/context.ts";
import type { AlertFields } from "../../src/model/alert.ts";
import type { Delivery } from "../../src/model/delivery.ts";
import type { Action, EventMessage, MessageType } from "../../src/model/event.ts";
import { createIdMinter } from "../../src/model/ids.ts";
import type { Env } from "../../src/platform/bindings.ts";
import { asShard } from "../../src/platform/shards.ts";
import { processEvents } from "../../src/pipeline/process-events.ts";
import { listAlerts } from "../../src/storage/alerts/alerts.ts";
import type { ListedPage } from "../../src/storage/events/log.ts";
import { parseDeliveries } from "../../src/storage/events/deliveries-column.ts";
import { fakeQueue } from "./bindings.ts";
import { asFetch } from "./strict-platform/install.ts";
import { asInvocation } from "./strict-platform/invocation.ts";
import { PAID } from "./strict-platform/limits.ts";
import { tables } from "./tables.ts";

const SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

/** One request that reached the outside. */
export type Seen = { readonly method: string; readonly url: string; readonly headers: Headers; readonly body: string };
export type Answerer = (seen: Seen, count: number) => Response | Promise<Response>;

/** The outside world in place of `fetch`: what was sent to it, and what it answers. */
export function fakeOutside(answer: Answerer = () => new Response("ok")): Seen[] {
  const seen: Seen[] = [];
  vi.spyOn(globalThis, "fetch").mockImplementation(async (input, init) => {
    const request = new Request(input, init);
    const one = { method: request.method, url: request.url, headers: request.headers, body: await request.text() };
    seen.push(one);
    return await asFetch(one.url, async () => await answer(one, seen.length));
  });
  return seen;
}

/** Context over real D1 and a stand-in for the DELIVERIES queue. `now` starts at the real time and moves by `pass`. */
export type World = {
  readonly context: Context;
  readonly queued: unknown[];
  pass(ms: number): void;
};

export function createWorld(changes: Partial<Env> = {}): World {
  const deliveries = fakeQueue();
  const events = fakeQueue();
  const world = { ...env, DELIVERIES: deliveries.queue, EVENTS: events.queue, ...changes };
  let shift = 0;
  const context: Context = { ...contextOf(world), clock: () => Date.now() + shift, random: () => 0 };
  return {
    context,
    queued: deliveries.sent,
    pass(ms) {
      shift += ms;
    },
  };
}

/** A destination put straight into the database. */
export async function insertDestination(
  id: string,
  changes: { readonly url?: string; readonly enabled?: boolean; readonly timeout_ms?: number } = {},
): Promise<void> {
  const sealed = await contextOf(env).keys.seal(SECRET, id);
  const url = `https://receiver.example.com/${id}`;
  await tables.destinations.insert({ id, url, signing_secrets: [{ sealed, expires_at: null }], ...changes });
  contextOf(env).caches.config.forget();
}

/** The clear signing secret of every destination that `insertDestination` makes. */
export const DESTINATION_SECRET = SECRET;

/** A route put straight into the database. */
export async function insertRoute(
  id: string,
  destination_ids: readonly string[],
  event_types: readonly MessageType[] | null = null,
): Promise<void> {
  await tables.routes.insert({ id, event_types, destination_ids });
  contextOf(env).caches.config.forget();
}

/** Destinations, and a route that takes everything to them. */
export async function insertRouted(...destination_ids: readonly string[]): Promise<void> {
  for (const id of destination_ids) await insertDestination(id);
  await insertRoute("rte_1", destination_ids);
}

const FIELDS: AlertFields = {
  title: "Queue depth above limit",
  description: "",
  urgency: null,
  tags: [],
  meta: {},
  incident: null,
  additional_data: [],
};

const mint = createIdMinter(
  () => Date.now(),
  (length) => crypto.getRandomValues(new Uint8Array(length)),
);

/** An accepted event of integration `int_test`, as the EVENTS queue carries it. Later calls make later events. */
export function eventMessage(
  action: Action,
  key: string,
  changes: { readonly repeat_key?: string; readonly title?: string } = {},
): EventMessage {
  const { id, at_ms } = mint("evt");
  const base = { namespace: "int_test", key, note: null };
  const fields = { ...FIELDS, title: changes.title ?? FIELDS.title };
  const signal =
    action === "create" || action === "update" || action === "remind"
      ? { action, ...base, fields }
      : { action, ...base };
  const body = JSON.stringify({ event_type: action, Id: key });
  const request = { method: "POST", query: "", headers: {}, body, body_encoding: "utf8" } as const;
  const received_at = new Date(at_ms).toISOString();
  const repeat_key = changes.repeat_key ?? null;
  return { v: 1, id, integration_id: "int_test", received_at, repeat_key, content: { kind: "alert", request, signal } };
}

/** Processes events as one batch of the queue, and waits for attempts that outlive it. Answers what was left unfinished. */
export async function processBatch(context: Context, messages: readonly EventMessage[]): Promise<ReadonlySet<string>> {
  return await asInvocation(PAID, async () => {
    const accepted = messages.map((message) => ({ message, stored_at: null }));
    const { unfinished, finish } = await processEvents(context, accepted);
    await finish();
    return unfinished;
  });
}

/** Processes events, as often as it takes, until nothing is left unfinished by calls that fail. */
export async function processUntilDone(context: Context, messages: readonly EventMessage[]): Promise<void> {
  let left = messages;
  for (let tries = 0; left.length > 0; tries++) {
    if (tries > 60) throw new Error("never done");
    const wanted = left;
    try {
      const unfinished = await processBatch(context, wanted);
      left = wanted.filter(({ id }) => unfinished.has(id));
    } catch {
      left = wanted;
    }
  }
}

export type StoredEvent = {
  readonly id: string;
  readonly outcome: string;
  readonly type: string | null;
  readonly alert_id: string | null;
  readonly version: number;
  readonly rescue_at: number | null;
  readonly deliveries: readonly Delivery[];
};

/** What is on record, oldest first. */
export async function storedEvents(): Promise<StoredEvent[]> {
  const rows = await tables.events.all<StoredEvent & { deliveries: string }>();
  return rows.map((row) => ({ ...row, deliveries: parseDeliveries(row) }));
}

export type StoredAlert = {
  readonly id: string;
  readonly key: string;
  readonly title: string;
  readonly status: string;
  readonly dedup_count: number;
  readonly created_at: string;
  readonly acknowledged_at: string | null;
  readonly resolved_at: string | null;
};

/** The alerts on record, oldest first. */
export async function storedAlerts(): Promise<StoredAlert[]> {
  const alerts: StoredAlert[] = [];
  let before: string | null = null;
  do {
    const page: ListedPage<StoredAlert> = await listAlerts(asShard(env.DB), { limit: 100, before }, {});
    alerts.push(...page.rows);
    before = page.next;
  } while (before !== null);
  return alerts.toReversed();
}
