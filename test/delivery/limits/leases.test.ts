import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { retryDeliveries } from "../../../src/delivery/attempts/retries.ts";
import { contextOf } from "../../../src/context.ts";
import type { DeliveryMessage } from "../../../src/model/delivery.ts";
import { processEvents } from "../../../src/pipeline/process-events.ts";
import { client, statusOf } from "../../support/api.ts";
import { storedDeliveries } from "../../support/deliveries.ts";
import { watchedDatabase } from "../../support/watched-database.ts";
import {
  createWorld,
  eventMessage,
  fakeOutside,
  insertDestination,
  insertRoute,
  processBatch,
} from "../../support/world.ts";
import { tables } from "../../support/tables.ts";

const HANGING = "dst_0000000000000000000000000001";
const WELL = "dst_0000000000000000000000000002";

async function startWithBoth(): Promise<void> {
  for (const id of [HANGING, WELL]) await insertDestination(id);
  await tables.destinations.update({}, { max_concurrency: 1 });
  contextOf(env).caches.config.forget();
  await insertRoute("rte_1", [HANGING, WELL]);
}

async function leased(): Promise<unknown[]> {
  const leases = await tables.concurrency_leases.all();
  return [...new Set(leases.map((row) => row["destination_id"]))];
}

async function dueMessages(): Promise<{ readonly body: DeliveryMessage }[]> {
  return (await storedDeliveries())
    .filter(({ status }) => status === "pending")
    .map(({ id, attempts }) => ({ body: { v: 1, delivery_id: id, attempts: attempts.length } }));
}

describe("leases of a destination", () => {
  it("are released while another destination of the same batch of events hangs", async () => {
    await startWithBoth();
    const { context } = createWorld();
    const hanging = Promise.withResolvers<Response>();
    fakeOutside(({ url }) => (url.endsWith(HANGING) ? hanging.promise : new Response("ok")));
    const { finish } = await processEvents(context, [{ message: eventMessage("create", "disk"), stored_at: null }]);
    expect(await leased()).toEqual([HANGING]);
    const finished = finish();
    hanging.resolve(new Response("at last"));
    await finished;
    expect(await leased()).toEqual([]);
  });

  it("are released while another destination of the same batch of retries hangs", async () => {
    await startWithBoth();
    const world = createWorld();
    fakeOutside(() => new Response("", { status: 503 }));
    await processBatch(world.context, [eventMessage("create", "disk")]);
    world.pass(60_000);
    const hanging = Promise.withResolvers<Response>();
    fakeOutside(({ url }) => (url.endsWith(HANGING) ? hanging.promise : new Response("ok")));
    const { finish } = await retryDeliveries(world.context, await dueMessages());
    expect(await leased()).toEqual([HANGING]);
    const finished = finish();
    hanging.resolve(new Response("at last"));
    await finished;
    expect(await leased()).toEqual([]);
    expect((await storedDeliveries()).map(({ status }) => status)).toEqual(["delivered", "delivered"]);
  });

  it("are released if the attempts cannot be recorded", async () => {
    await startWithBoth();
    const world = createWorld();
    fakeOutside(() => new Response("", { status: 503 }));
    await processBatch(world.context, [eventMessage("create", "disk")]);
    world.pass(60_000);
    const DB = watchedDatabase({
      before: async (sql) => {
        if (sql.includes("UPDATE events")) await Promise.reject(new Error("D1_ERROR: Network connection lost."));
      },
    });
    const { context } = createWorld({ DB });
    await expect(retryDeliveries({ ...context, clock: world.context.clock }, await dueMessages())).rejects.toThrow(
      "D1_ERROR",
    );
    expect(await leased()).toEqual([]);
  });
});

describe("a delivery whose slot is more than a day off", () => {
  it("is retried after no more than the delay of a queue", async () => {
    await insertDestination(WELL);
    await tables.destinations.update({}, { rate_limit: { requests: 1, period_seconds: 86400 } });
    contextOf(env).caches.config.forget();
    await insertRoute("rte_1", [WELL]);
    const { context } = createWorld();
    fakeOutside();
    await processBatch(
      context,
      ["a", "b", "c", "d"].map((key) => eventMessage("create", key)),
    );
    const waiting = (await storedDeliveries()).filter(({ next_attempt_at: next }) => next !== null);
    const furthest = Math.max(...waiting.map(({ next_attempt_at: next }) => Date.parse(next ?? "")));
    expect(furthest - context.clock()).toBeGreaterThan(86_400_000);
    const { dispositions } = await retryDeliveries(context, await dueMessages());
    const delays = [...dispositions.values()].map((each) => (each.kind === "again" ? each.delay_seconds : 0));
    expect(Math.max(...delays)).toBe(86_400);
  });

  it("does not keep that slot when the limit is removed", async () => {
    await insertDestination(WELL);
    await tables.destinations.update({}, { rate_limit: { requests: 1, period_seconds: 86400 } });
    contextOf(env).caches.config.forget();
    await insertRoute("rte_1", [WELL]);
    const world = createWorld();
    const seen = fakeOutside();
    await processBatch(
      world.context,
      ["a", "b", "c", "d"].map((key) => eventMessage("create", key)),
    );
    expect(seen).toHaveLength(1);
    expect(statusOf(await client.destinations.update(WELL, { rate_limit: null }))).toBe(200);
    const { finish } = await retryDeliveries(world.context, await dueMessages());
    await finish();
    expect(seen).toHaveLength(4);
    expect((await storedDeliveries()).every(({ status }) => status === "delivered")).toBe(true);
  });
});
