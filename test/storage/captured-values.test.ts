import { env } from "cloudflare:workers";
import { beforeEach, expect, it } from "vitest";
import { contextOf } from "../../src/context.ts";
import { unwrap } from "../../src/client/index.ts";
import { createIdMinter } from "../../src/model/ids.ts";
import { client } from "../support/api.ts";
import { consumeQueued, storedDeliveries } from "../support/deliveries.ts";
import { maintain } from "../support/maintenance.ts";
import { moveAll, withHotHours } from "../support/segments.ts";
import { tables } from "../support/tables.ts";
import { TICKET_REQUESTS, Tracker } from "../support/tracker.ts";
import {
  type World,
  createWorld,
  eventMessage,
  fakeOutside,
  insertRouted,
  processBatch,
  storedAlerts,
  storedEvents,
} from "../support/world.ts";

const DESTINATION = "dst_0000000000000000000000000001";
const HOUR = 3_600_000;
const DAY = 24 * HOUR;

let world: World = createWorld();
let tracker = new Tracker();

beforeEach(async () => {
  world = createWorld();
  tracker = new Tracker();
  fakeOutside((seen) => tracker.answer(seen));
  await insertRouted(DESTINATION);
  await tables.destinations.update({ id: DESTINATION }, { requests: JSON.stringify(TICKET_REQUESTS) });
  contextOf(env).caches.config.forget();
});

/** An event that is received at the world's time, after the one before. */
function now(...order: Parameters<typeof eventMessage>) {
  world.pass(1);
  const { id, at_ms } = createIdMinter(world.context.clock, (length) => crypto.getRandomValues(new Uint8Array(length)))(
    "evt",
  );
  return { ...eventMessage(...order), id, received_at: new Date(at_ms).toISOString() };
}

async function captured() {
  return await tables.captured_values.all<{ captured: string }>();
}

async function pass(days: number): Promise<void> {
  world.pass(days * DAY);
  for (let minute = 0; minute < 3; minute++) {
    world.pass(60_000);
    await maintain(contextOf(world.context.env), "* * * * *", world.context.clock());
  }
}

it("the API shows what was captured, by alert and by delivery", async () => {
  await processBatch(world.context, [now("create", "disk"), now("update", "disk")]);
  const [alert] = await storedAlerts();
  const shown = unwrap(await client.alerts.get(alert?.id ?? ""));
  expect(shown.captured).toEqual([{ destination_id: DESTINATION, values: { issue_key: "OPS-1" } }]);
  const [created, updated] = await storedDeliveries();
  expect(unwrap(await client.deliveries.get(created?.id ?? "")).captured).toEqual({ issue_key: "OPS-1" });
  expect(unwrap(await client.deliveries.get(updated?.id ?? ""))).not.toHaveProperty("captured");
  expect(unwrap(await client.deliveries.list()).data.map(({ captured: values }) => values)).toEqual([
    undefined,
    { issue_key: "OPS-1" },
  ]);
});

it("an alert that is open keeps its values after its first event was pruned, and is closed with them", async () => {
  await processBatch(world.context, [now("create", "disk")]);
  await pass(40);
  expect(await storedEvents()).toEqual([]);
  expect(await captured()).toHaveLength(1);
  await processBatch(world.context, [now("resolve", "disk")]);
  await consumeQueued(world);
  expect(tracker.asked).toEqual(["create", "close"]);
  await pass(40);
  expect([await storedAlerts(), await captured()]).toEqual([[], []]);
});

it("values are found after the event moved to a segment, and the delivery in it shows them", async () => {
  await processBatch(world.context, [now("create", "disk")]);
  const [created] = await storedDeliveries();
  world.pass(3 * HOUR);
  const context = withHotHours(world.context, 1);
  await maintain(contextOf(world.context.env), "* * * * *", world.context.clock());
  expect(await moveAll(context)).toBe(1);
  expect(await storedEvents()).toEqual([]);
  expect(unwrap(await client.deliveries.get(created?.id ?? "")).captured).toEqual({
    issue_key: "OPS-1",
  });
  await processBatch(context, [now("resolve", "disk")]);
  expect(tracker.asked).toEqual(["create", "close"]);
});

it("an erased event takes with it what its delivery captured, and only that", async () => {
  const update = { ...TICKET_REQUESTS["alert.updated"], capture: { note: "note" } };
  const requests = { ...TICKET_REQUESTS, "alert.updated": update };
  await tables.destinations.update({ id: DESTINATION }, { requests: JSON.stringify(requests) });
  contextOf(env).caches.config.forget();
  fakeOutside((seen) => (seen.url.endsWith("/comments") ? Response.json({ note: "n1" }) : tracker.answer(seen)));
  await processBatch(world.context, [now("create", "disk"), now("update", "disk")]);
  const [created] = await storedEvents();
  expect(Object.keys(JSON.parse((await captured())[0]?.captured ?? "")).toSorted()).toEqual(["issue_key", "note"]);
  await client.events.erase(created?.id ?? "");
  expect(Object.keys(JSON.parse((await captured())[0]?.captured ?? ""))).toEqual(["note"]);
  expect((await storedDeliveries())[0]).not.toHaveProperty("captured");
  await processBatch(world.context, [now("resolve", "disk")]);
  expect((await storedDeliveries())[2]).toMatchObject({ status: "dead", reason: "captured_missing" });
});

it("an erasure beside the attempt leaves nothing of the response", async () => {
  const create = now("create", "disk");
  const answered = Promise.withResolvers<undefined>();
  fakeOutside(async (seen) => {
    await answered.promise;
    return tracker.answer(seen);
  });
  const processing = processBatch(world.context, [create]);
  while ((await storedEvents()).length === 0) await scheduler.wait(20);
  await client.events.erase(create.id);
  answered.resolve(undefined);
  await processing;
  expect(await captured()).toEqual([]);
  expect((await storedDeliveries())[0]).not.toHaveProperty("captured");
});
