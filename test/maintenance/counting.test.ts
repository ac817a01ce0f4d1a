import { contextOf } from "../../src/context.ts";
import { asShard } from "../../src/platform/shards.ts";
import { env } from "cloudflare:workers";
import { beforeEach, expect, it } from "vitest";
import { replayEvent } from "../../src/delivery/replay/replay.ts";
import type { EventMessage } from "../../src/model/event.ts";
import { reconcile } from "../../src/model/reconciliation.ts";
import { readTotals } from "../../src/storage/maintenance/reconciliation.ts";
import { writeRollups } from "../../src/storage/maintenance/rollups.ts";
import { rollups } from "../../src/maintenance/rollups.ts";
import { onlyDelivery } from "../support/deliveries.ts";
import { atTime } from "../support/maintenance.ts";
import { createWorld, eventMessage, fakeOutside, insertRouted, processBatch } from "../support/world.ts";
import { tables } from "../support/tables.ts";

const DESTINATION = "dst_0000000000000000000000000001";
const ROUTE = "rte_1";
let world = createWorld();

beforeEach(async () => {
  world = createWorld();
  fakeOutside();
  await insertRouted(DESTINATION);
});

async function balance() {
  const { accepted, outcomes, outbox } = await readTotals(asShard(env.DB), world.context.clock());
  return reconcile(accepted, outcomes, outbox);
}

async function countAll(): Promise<boolean> {
  return (await writeRollups(asShard(env.DB), Date.now() + 1_000)).is_done;
}

async function counted(): Promise<unknown> {
  return (await tables.rollups.all<{ accepted: number }>()).reduce((sum, row) => sum + row.accepted, 0);
}

async function process(messages: readonly EventMessage[]): Promise<void> {
  await processBatch(world.context, messages);
}

it("events are counted once, however often the pass runs", async () => {
  await process([eventMessage("create", "disk"), eventMessage("create", "cpu")]);
  expect(await counted()).toBe(0);
  for (let round = 0; round < 3; round++) expect(await countAll()).toBe(true);
  expect(await counted()).toBe(2);
  expect(await balance()).toMatchObject({ accepted: 2, delivered: 2, balanced: true });
});

it("events that one step cannot count are counted in several", async () => {
  await process(["a", "b", "c", "d", "e"].map((key) => eventMessage("create", key)));
  const isDone = [];
  for (let step = 0; step < 3; step++) {
    isDone.push((await writeRollups(asShard(env.DB), Date.now() + 1_000, 2)).is_done);
  }
  expect(isDone).toEqual([false, true, true]);
  expect(await counted()).toBe(5);
});

it("an event that is recorded after its time was counted is counted once, by itself", async () => {
  const late = eventMessage("create", "disk");
  await countAll();
  await process([late]);
  await process([late]);
  expect(await counted()).toBe(1);
  expect(await balance()).toMatchObject({ accepted: 1, balanced: true });
});

it.each(["before", "after"])("a replay %s its event was counted is counted once", async (when) => {
  const message = eventMessage("create", "disk");
  await process([message]);
  if (when === "after") await countAll();
  const { id: replay_of } = await onlyDelivery();
  const repeated = { destination_id: DESTINATION, route_id: ROUTE, replay_of };
  const made = await replayEvent(world.context, message.id, [repeated], "rpl_0000000000000000000000000001");
  expect(made).toHaveLength(1);
  await countAll();
  expect(await counted()).toBe(2);
  expect(await balance()).toMatchObject({ accepted: 2, balanced: true });
});

it("an event that disappears after it was counted is missed", async () => {
  const message = eventMessage("create", "disk");
  await process([message]);
  await countAll();
  await tables.events.delete({ id: message.id });
  expect(await balance()).toMatchObject({ accepted: 1, balanced: false });
});

it("maintenance counts events that are about a minute old", async () => {
  await process([eventMessage("create", "disk")]);
  await rollups.run(atTime(contextOf(env), Date.now()), rollups.max_calls);
  expect(await counted()).toBe(0);
  await rollups.run(atTime(contextOf(env), Date.now() + 61_000), rollups.max_calls);
  expect(await counted()).toBe(1);
});
