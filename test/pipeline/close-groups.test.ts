import { contextOf } from "../../src/context.ts";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { closeGroups } from "../../src/pipeline/close-groups.ts";
import { START_CRON } from "../../src/maintenance/maintenance.ts";
import { maintain } from "../support/maintenance.ts";
import { bindingsWith, fakeQueue } from "../support/bindings.ts";
import { changeDestination, consume, consumeQueued, storedDeliveries } from "../support/deliveries.ts";
import {
  FIRST,
  ROUTE,
  SECOND,
  WINDOW,
  caughtAt,
  closeAll,
  closesIn,
  dataIn,
  eventAt,
  groupEvents,
  insertGroupingRoute,
  stageGroups,
  storedGroups,
} from "../support/groups.ts";
import { type Seen, type World, createWorld, fakeOutside, processBatch } from "../support/world.ts";
import { tables } from "../support/tables.ts";

const SECOND_MS = 1_000;

let seen: Seen[] = [];
let world: World;
let start = 0;

beforeEach(async () => {
  ({ seen, world, start } = await stageGroups());
});

describe("closing a group", () => {
  it("waits for the end of the window", async () => {
    await insertGroupingRoute(ROUTE, [FIRST]);
    await processBatch(world.context, [eventAt(start, "create", "disk")]);
    world.pass(WINDOW - 3_000);
    const messages = [...world.queued];
    const [fate] = await consumeQueued(world);
    expect(fate).toMatchObject({ kind: "retried" });
    expect((await storedGroups())[0]).toMatchObject({ closed: 0, event_id: null });
    await processBatch(world.context, [eventAt(start + 5_000, "create", "disk")]);
    world.pass(5_000);
    expect(await consume(world, messages)).toEqual([{ kind: "acked" }]);
    expect(seen.map((each) => dataIn(each.body)["occurrences"])).toEqual([2]);
  });

  it("twice, or by two consumers at once, makes one event with one delivery", async () => {
    await insertGroupingRoute(ROUTE, [FIRST]);
    await processBatch(world.context, [eventAt(start, "create", "disk")]);
    const messages = [...world.queued];
    world.pass(60 * SECOND_MS);
    await Promise.all([consume(world, messages), consume(world, messages), consume(world, messages)]);
    await consume(world, messages);
    expect(await groupEvents()).toHaveLength(1);
    expect(await storedDeliveries()).toMatchObject([{ status: "delivered" }]);
    expect(new Set(seen.map((each) => each.headers.get("webhook-id"))).size).toBe(1);
    expect(new Set(seen.map((each) => each.body)).size).toBe(1);
  });

  it("goes to the destinations that the route had when the window opened, and shows deleted ones as cancelled", async () => {
    await insertGroupingRoute(ROUTE, [FIRST, SECOND]);
    await processBatch(world.context, [eventAt(start, "create", "disk")]);
    await tables.destinations.delete({ id: FIRST });
    await tables.routes.delete();
    await changeDestination(SECOND, "enabled", 0);
    await closeAll(world);
    expect(seen).toEqual([]);
    expect(await storedDeliveries()).toMatchObject([
      { destination_id: FIRST, status: "cancelled", reason: "destination_deleted" },
      { destination_id: SECOND, status: "cancelled", reason: "destination_disabled" },
    ]);
  });

  it("is retried like any delivery where the destination fails, with the same body", async () => {
    vi.restoreAllMocks();
    seen = fakeOutside((_, count) => new Response("", { status: count === 1 ? 503 : 200 }));
    await insertGroupingRoute(ROUTE, [FIRST]);
    await processBatch(world.context, [eventAt(start, "create", "disk")]);
    await closeAll(world);
    world.pass(60 * SECOND_MS);
    await consumeQueued(world);
    expect(seen).toHaveLength(2);
    expect(seen[0]?.body).toBe(seen[1]?.body);
    expect(await storedDeliveries()).toMatchObject([
      { status: "delivered", attempts: [{ status: 503 }, { status: 200 }] },
    ]);
  });

  it("keeps an event that is too large for a row in R2, and delivers it whole", async () => {
    await insertGroupingRoute(ROUTE, [FIRST], { group_by: "all", group_attributes: ["text", "other"] });
    const payload = {
      text: "x".repeat(300),
      other: Array.from({ length: 90 }, (_, item) => `${item} ${"\u20ac".repeat(300)}`),
    };
    await processBatch(world.context, [caughtAt(start, payload), caughtAt(start + 1, payload)]);
    // Members that are not on record any more count, too.
    const gone = Array.from({ length: 10_498 }, (_, index) => `evt_z${"0".repeat(22)}${10_000 + index}`);
    const group_id = await tables.groups.value("id");
    await tables.group_members.insert(...gone.map((event_id) => ({ group_id, event_id })));
    await closeAll(world);
    const data = dataIn(seen[0]?.body ?? "");
    expect(data["occurrences"]).toBe(10_500);
    const ids = data["event_ids"];
    expect(Array.isArray(ids) ? ids.length : 0).toBe(10_000);
    expect(Object.keys(Object(data["attributes"]))).toEqual(["text", "other"]);
    expect(Object(data["attributes"])["text"]).toEqual([["x".repeat(256), 2]]);
    const [event] = await groupEvents();
    const content = await tables.events.value("content", { id: event?.id ?? "" });
    const column = { stored_at: `events/${event?.id}`, characters: expect.any(Number) };
    expect(JSON.parse(String(content))).toEqual(column);
  });
});

it("more groups than one invocation may close come again until all are closed", async () => {
  await insertGroupingRoute(ROUTE, [FIRST], { group_by: "{{ n }}" });
  const filler = "x".repeat(900_000);
  for (let n = 0; n < 60; n++) await processBatch(world.context, [caughtAt(start + n, { n, filler })]);
  const messages = [...world.queued];
  world.pass(60 * SECOND_MS);
  const fates = await consume(world, messages);
  const left = messages.filter((_, index) => fates[index]?.kind === "retried");
  expect(left.length).toBeGreaterThan(0);
  expect(left.length).toBeLessThan(60);
  expect(await consume(world, left)).toEqual(left.map(() => ({ kind: "acked" })));
  expect(new Set(seen.map((each) => dataIn(each.body)["group"])).size).toBe(60);
});

describe("maintenance", () => {
  it("enqueues all open groups at start-up, each for the time when it is due", async () => {
    await insertGroupingRoute(ROUTE, [FIRST], { group_window_seconds: 3_600 });
    await processBatch(world.context, [eventAt(start, "create", "disk")]);
    const delays: unknown[] = [];
    const bodies: unknown[] = [];
    const queue: Queue = {
      ...fakeQueue().queue,
      sendBatch: (messages) => {
        for (const { body, delaySeconds } of messages) {
          bodies.push(body);
          delays.push(delaySeconds);
        }
        return fakeQueue().queue.sendBatch([]);
      },
    };
    await maintain(contextOf(bindingsWith({ DELIVERIES: queue })), START_CRON, start + 600_000);
    expect(closesIn(bodies)).toEqual((await storedGroups()).map(({ id }) => id));
    expect(delays).toEqual([3_001]);
  });

  it("enqueues overdue groups, closed or not, until they are delivered", async () => {
    await insertGroupingRoute(ROUTE, [FIRST]);
    const lost = createWorld({ DELIVERIES: fakeQueue("throws").queue });
    await processBatch(lost.context, [eventAt(start, "create", "disk")]);
    await tables.groups.update({}, { closed: 1 });
    const { sent, queue } = fakeQueue();
    const bindings = bindingsWith({ DELIVERIES: queue });
    await maintain(contextOf(bindings), "* * * * *", start + WINDOW + 59_000);
    expect(sent).toEqual([]);
    await maintain(contextOf(bindings), "* * * * *", start + WINDOW + 61_000);
    expect(sent).toHaveLength(1);
    world.pass(600_000);
    await consume(world, sent.splice(0));
    expect(seen).toHaveLength(1);
    await maintain(contextOf(bindings), "* * * * *", start + 2 * 3_600_000);
    expect(sent).toEqual([]);
  });
});

it("closing a group that is delivered does nothing", async () => {
  await insertGroupingRoute(ROUTE, [FIRST]);
  await processBatch(world.context, [eventAt(start, "create", "disk")]);
  await closeAll(world);
  const [group] = await storedGroups();
  const { waits } = await closeGroups(world.context, [group?.id ?? "", "grp_none"]);
  expect([...waits]).toEqual([]);
  expect(seen).toHaveLength(1);
});
