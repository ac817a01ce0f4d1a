import { env } from "cloudflare:workers";
import { expect, it } from "vitest";
import { contextOf } from "../../../src/context.ts";
import type { EventMessage } from "../../../src/model/event.ts";
import { consumeQueued, storedDeliveries } from "../../support/deliveries.ts";
import {
  type World,
  createWorld,
  eventMessage,
  fakeOutside,
  insertRouted,
  processBatch,
  storedEvents,
} from "../../support/world.ts";

const DESTINATION = "dst_0000000000000000000000000001";

/** Creates a world whose destination was slow, so that deliveries wait in the queue. */
async function startSlow(): Promise<World> {
  await insertRouted(DESTINATION);
  const world = createWorld();
  contextOf(env).caches.health.mark(DESTINATION, false, 0);
  return world;
}

async function processInOrder(world: World, messages: readonly EventMessage[]): Promise<void> {
  for (const message of messages) await processBatch(world.context, [message]);
}

async function drain(world: World): Promise<void> {
  for (let round = 0; world.queued.length > 0 && round < 10; round++) await consumeQueued(world);
}

it("a waiting delivery is cancelled if an earlier event arrives that supersedes it", async () => {
  const world = await startSlow();
  const seen = fakeOutside();
  const [first, second] = [eventMessage("create", "disk"), eventMessage("create", "disk")];
  await processInOrder(world, [second, first]);
  await drain(world);
  expect((await storedEvents()).map((event) => event.outcome)).toEqual(["created", "repeated"]);
  expect((await storedDeliveries()).map((each) => [each.status, each.reason])).toEqual([
    ["delivered", null],
    ["cancelled", "superseded"],
  ]);
  expect(seen).toHaveLength(1);
});

it("create, resolve, create in any order is three deliveries, also to a destination that is slow", async () => {
  const events = [
    eventMessage("create", "disk"),
    eventMessage("resolve", "disk"),
    eventMessage("create", "disk"),
  ] as const;
  const [opened, resolved, reopened] = events;
  const world = await startSlow();
  const seen = fakeOutside();
  await processInOrder(world, [reopened, opened, resolved]);
  await drain(world);
  expect((await storedEvents()).map((event) => event.outcome)).toEqual(["created", "resolved", "created"]);
  expect((await storedDeliveries()).map((each) => each.status)).toEqual(["delivered", "delivered", "delivered"]);
  expect(seen).toHaveLength(3);
});
