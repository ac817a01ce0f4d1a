import { createExecutionContext, waitOnExecutionContext } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { vi } from "vitest";
import worker from "../../src/index.ts";
import { contextOf } from "../../src/context.ts";
import { type Shard, platformOf } from "../../src/platform/shards.ts";
import { listAlerts } from "../../src/storage/alerts/alerts.ts";
import { maintain } from "../support/maintenance.ts";
import {
  type DestinationCreation,
  type IntegrationCreation,
  type RouteCreation,
  unwrap,
} from "../../src/client/index.ts";
import { client, createDestination } from "../support/api.ts";
import { fakeBatch } from "../support/deliveries.ts";
import { type Answer, call } from "../support/flow.ts";
import { type Answerer, type Seen, fakeOutside } from "../support/world.ts";
import { type TableName, tablesOf } from "../support/tables.ts";

// A gateway with two shards: requests go to the worker's own entry, messages to its consumers by the name of their queue,
// and only the outside and the clock are made up.

const MAX_ROUNDS = 30;

/** The shard of a number; throws where it is not bound. */
export function shard(number: number): Shard {
  const found = platformOf(env).shards[number];
  if (found === undefined) throw new Error(`no shard ${number}`);
  return found;
}

type Held = { readonly queue: string; readonly bodies: unknown[] };

/** Keeps what is sent to a queue from the runtime's own consumer. */
function hold(number: number, binding: "events" | "deliveries"): Held {
  const queue = number === 0 ? `hookgate-${binding}` : `hookgate-${number}-${binding}`;
  const bodies: unknown[] = [];
  const answer = { metadata: { metrics: { backlogCount: 0, backlogBytes: 0 } } };
  const producer = shard(number)[binding];
  vi.spyOn(producer, "send").mockImplementation((body) => {
    bodies.push(body);
    return Promise.resolve(answer);
  });
  vi.spyOn(producer, "sendBatch").mockImplementation((messages) => {
    for (const { body } of messages) bodies.push(body);
    return Promise.resolve(answer);
  });
  return { queue, bodies };
}

export type Stand = {
  readonly seen: readonly Seen[];
  /** What waits in the queues, by their names. */
  readonly queued: () => Readonly<Record<string, number>>;
  /** Throws away what waits in the queues. */
  readonly lose: () => void;
  /** Has the consumers take all that is queued; what comes too early waits until more time has passed. */
  readonly drain: () => Promise<void>;
  /** Lets time pass, then has the consumers take all that is queued. */
  readonly pass: (ms: number) => Promise<void>;
  /** Runs the scheduled handler. */
  readonly runMaintenance: (cron?: string) => Promise<void>;
};

/** Puts the queues of both shards and the clock into the hands of a test. */
export function standUp(answer?: Answerer): Stand {
  const seen = fakeOutside(answer);
  const clock = Date.now.bind(Date);
  let shift = 0;
  vi.spyOn(Date, "now").mockImplementation(() => clock() + shift);
  const held = [0, 1].flatMap((number) => [hold(number, "events"), hold(number, "deliveries")]);
  const early: { readonly held: Held; readonly body: unknown }[] = [];

  async function consume(each: Held): Promise<void> {
    const bodies = each.bodies.splice(0, 50);
    const { batch, fates } = fakeBatch(
      each.queue,
      bodies.map((body) => ({ body })),
    );
    const ctx = createExecutionContext();
    await worker.queue(batch, env, ctx);
    await waitOnExecutionContext(ctx);
    for (const [index, fate] of fates.entries()) {
      if (fate.kind === "retried") early.push({ held: each, body: bodies[index] });
    }
  }

  async function drain(): Promise<void> {
    for (let round = 0; round < MAX_ROUNDS; round++) {
      const full = held.filter(({ bodies }) => bodies.length > 0);
      if (full.length === 0) return;
      for (const each of full) await consume(each);
    }
    throw new Error("the queues do not run empty");
  }

  return {
    seen,
    queued: () => Object.fromEntries(held.map(({ queue, bodies }) => [queue, bodies.length])),
    lose() {
      for (const { bodies } of held) bodies.length = 0;
      early.length = 0;
    },
    drain,
    async pass(ms) {
      shift += ms;
      for (const { held: from, body } of early.splice(0)) from.bodies.push(body);
      await drain();
    },
    runMaintenance: (cron = "* * * * *") => maintain(contextOf(env), cron, Date.now()),
  };
}

/** An integration in a shard. */
export async function integrationIn(number: number, more: Partial<IntegrationCreation> = {}): Promise<string> {
  const { id } = unwrap(
    await client.integrations.create({ name: `of ${number}`, type: "pagertree", shard: number, ...more }),
  );
  return id;
}

/** A destination, and a route that sends it everything. */
export async function destination(
  more: Partial<DestinationCreation> = {},
  eventTypes: RouteCreation["event_types"] & (object | null) = null,
): Promise<string> {
  const { id } = await createDestination({ url: "https://receiver.example.com/in", ...more });
  unwrap(await client.routes.create({ name: "all", destination_ids: [id], event_types: eventTypes }));
  return id;
}

/** Sends an event of an alert. */
export async function post(integrationId: string, key: string, type = "create", more: object = {}): Promise<Answer> {
  const body = JSON.stringify({ event_type: type, Id: key, Title: key, ...more });
  return await call(`/integration/${integrationId}`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body,
  });
}

/** The number of rows in a table of each shard. */
export async function countsOf(table: TableName): Promise<number[]> {
  return await Promise.all(platformOf(env).shards.map(({ db }) => tablesOf(db)[table].count()));
}

/** The ids in a table of each shard, in order. */
export async function idsIn(table: "events" | "alerts" | "replays" | "outbox" | "dead_letters"): Promise<string[][]> {
  return await Promise.all(
    platformOf(env).shards.map(async ({ db }) => {
      if (table === "alerts") {
        const { rows } = await listAlerts(db, { limit: 100, before: null }, {});
        return rows.map(({ id }) => id);
      }
      const rows = await tablesOf(db)[table].all<{ id: string }>();
      return rows.map(({ id }) => id);
    }),
  );
}

/** The configuration as it is now, for tests that changed it by SQL. */
export function forgetConfig(): void {
  contextOf(env).caches.config.forget();
}

/** Long enough that no attempt comes due of itself while a test runs. */
export const SLOW = [600, 600, 600];

/** A gateway with an event in each shard, delivered to one destination; the ids of the events. */
export async function withEvents(answer?: Answerer) {
  const stand = standUp(answer);
  const to = await destination({ retry_schedule: SLOW });
  const events: string[] = [];
  for (const number of [0, 1]) events.push((await post(await integrationIn(number), "disk")).json.id);
  await stand.drain();
  return { stand, to, events };
}
