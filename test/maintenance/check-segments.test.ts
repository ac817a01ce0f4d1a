import { env } from "cloudflare:workers";
import { beforeEach, expect, it } from "vitest";
import { checkSegments } from "../../src/maintenance/check-segments.ts";
import type { EventMessage } from "../../src/model/event.ts";
import type { Segment } from "../../src/storage/segments/segment-rows.ts";
import { eventsIn } from "../support/posting.ts";
import { fakeQueue } from "../support/bindings.ts";
import { garble, moveAll, storedSegments } from "../support/segments.ts";
import { tables } from "../support/tables.ts";
import {
  type World,
  createWorld,
  eventMessage,
  fakeOutside,
  insertRoute,
  insertRouted,
  processBatch,
} from "../support/world.ts";

const DESTINATION = "dst_0000000000000000000000000001";
const MINUTE = 60_000;
const events = fakeQueue();

let world: World = createWorld();
let segments: readonly Segment[] = [];

beforeEach(async () => {
  events.sent.length = 0;
  world = createWorld({ EVENTS: events.queue });
  fakeOutside();
  await insertRouted(DESTINATION);
  await insertRoute("rte_reports", [DESTINATION], ["log.damaged"]);
  for (const key of ["disk", "cpu"]) {
    await processBatch(world.context, [eventMessage("create", key)]);
    world.pass(2 * MINUTE);
    await moveAll(world.context);
  }
  segments = await storedSegments();
});

/** Checks the next segment, when it is due. Returns the number of damaged ones. */
async function check(): Promise<number> {
  world.pass(MINUTE);
  world.pass(10 * MINUTE - (world.context.clock() % (10 * MINUTE)));
  return await checkSegments.run(world.context, checkSegments.max_calls);
}

function reported(): EventMessage[] {
  return eventsIn(events.sent);
}

it("checks one segment after another, and finds nothing wrong", async () => {
  expect([await check(), await check(), await check()]).toEqual([0, 0, 0]);
  expect(reported()).toEqual([]);
});

it("reports an object that was changed or deleted, and a row that leaves the chain", async () => {
  const [first, second] = segments;
  await garble(first);
  expect(await check()).toBe(1);
  await env.BODIES.delete(second?.object_key ?? "");
  expect(await check()).toBe(1);
  await tables.segments.update({ id: first?.id ?? "" }, { root: second?.root ?? "" });
  expect(await check()).toBe(1);
  // The first one at once. The others are counted.
  expect(reported().map(({ content }) => content.signal)).toMatchObject([{ action: "announce", type: "log.damaged" }]);
  expect(await tables.announcements.all()).toMatchObject([{ subject: "log.damaged shard 0", count: 2 }]);
});
