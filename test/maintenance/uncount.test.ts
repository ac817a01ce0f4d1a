import { asShard } from "../../src/platform/shards.ts";
import { env } from "cloudflare:workers";
import { beforeEach, expect, it, vi } from "vitest";
import { retryByHand } from "../../src/delivery/replay/replay.ts";
import { contextOf } from "../../src/context.ts";
import { reconcile } from "../../src/model/reconciliation.ts";
import { deleteEvents } from "../../src/storage/maintenance/prune.ts";
import { readTotals } from "../../src/storage/maintenance/reconciliation.ts";
import { writeRollups } from "../../src/storage/maintenance/rollups.ts";
import { onlyDelivery } from "../support/deliveries.ts";
import { watchedDatabase } from "../support/watched-database.ts";
import {
  createWorld,
  eventMessage,
  fakeOutside,
  insertDestination,
  insertRoute,
  processBatch,
} from "../support/world.ts";
import { tables } from "../support/tables.ts";

const message = eventMessage("create", "disk");
let world = createWorld();

async function balance() {
  const { accepted, outcomes, outbox } = await readTotals(asShard(env.DB), world.context.clock());
  return reconcile(accepted, outcomes, outbox);
}

beforeEach(async () => {
  world = createWorld();
  await insertDestination("dst_0000000000000000000000000001");
  await tables.destinations.update({}, { retry_schedule: [] });
  contextOf(env).caches.config.forget();
  await insertRoute("rte_1", ["dst_0000000000000000000000000001"]);
  fakeOutside(() => new Response("", { status: 503 }));
  vi.spyOn(console, "warn").mockImplementation(() => {});
  await processBatch(world.context, [message]);
});

it("an event that is retried while it is being pruned stays, and stays counted", async () => {
  const dead = await onlyDelivery();
  expect(dead.status).toBe("dead");
  const db = watchedDatabase({
    after: async (sql) => {
      if (sql.startsWith("SELECT id FROM events")) await retryByHand({ ...world.context }, dead);
    },
  });
  expect(await deleteEvents(asShard(db), [message.id])).toBe(0);
  expect(await balance()).toMatchObject({ accepted: 1, pending: 1, balanced: true });
});

it.each(["counted", "not counted"])("nothing is left of a pruned event that was %s", async (state) => {
  if (state === "counted") await writeRollups(asShard(env.DB), Date.now() + 1_000);
  expect(await balance()).toMatchObject({ accepted: 1, dead: 1, balanced: true });
  expect(await deleteEvents(asShard(env.DB), [message.id])).toBe(1);
  expect(await tables.rollups.count()).toBe(0);
  expect(await balance()).toMatchObject({ accepted: 0, dead: 0, balanced: true });
});

it("an hour is kept if one of its events disappeared otherwise", async () => {
  const lost = eventMessage("create", "cpu");
  await processBatch(world.context, [lost]);
  await writeRollups(asShard(env.DB), Date.now() + 1_000);
  await tables.events.delete({ id: lost.id });
  expect(await deleteEvents(asShard(env.DB), [message.id])).toBe(1);
  expect(await balance()).toMatchObject({ accepted: 1, dead: 0, balanced: false });
});
