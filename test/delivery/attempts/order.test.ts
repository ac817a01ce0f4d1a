import { env } from "cloudflare:workers";
import { expect, it } from "vitest";
import { contextOf } from "../../../src/context.ts";
import { retryByHand } from "../../../src/delivery/replay/replay.ts";
import { interceptedDatabase } from "../../support/intercepted-database.ts";
import { consume, consumeQueued, storedDeliveries } from "../../support/deliveries.ts";
import { TICKET_REQUESTS, Tracker } from "../../support/tracker.ts";
import {
  type Answerer,
  type World,
  createWorld,
  eventMessage,
  fakeOutside,
  insertRouted,
  processBatch,
  processUntilDone,
  storedAlerts,
} from "../../support/world.ts";
import { tables } from "../../support/tables.ts";

const DESTINATION = "dst_0000000000000000000000000001";
const HOUR_MS = 3_600_000;

async function startTickets(requests: object = TICKET_REQUESTS): Promise<World> {
  await insertRouted(DESTINATION);
  await tables.destinations.update({ id: DESTINATION }, { requests: JSON.stringify(requests) });
  contextOf(env).caches.config.forget();
  return createWorld();
}

/** Lets time pass and takes what is in the queue, until nothing is left. */
async function drain(world: World, rounds = 30): Promise<void> {
  for (let round = 0; round < rounds && world.queued.length > 0; round++) {
    world.pass(HOUR_MS);
    await consumeQueued(world);
  }
}

/** A tracker that is down for so many requests. */
function trackerDown(requests: number, tracker: Tracker): Answerer {
  return (seen, count) => (count <= requests ? new Response("down", { status: 503 }) : tracker.answer(seen));
}

const lifecycle = () => [
  eventMessage("create", "disk"),
  eventMessage("update", "disk", { title: "Disk 95 %" }),
  eventMessage("acknowledge", "disk"),
  eventMessage("resolve", "disk"),
];

async function captured() {
  return await tables.captured_values.all<{ alert_id: string; destination_id: string; captured: string }>();
}

it("a ticket is made, commented on and closed, also within one batch", async () => {
  const world = await startTickets();
  const tracker = new Tracker();
  const seen = fakeOutside((one) => tracker.answer(one));
  await processBatch(world.context, lifecycle());
  expect(tracker.asked).toEqual(["create", "comment", "comment", "close"]);
  expect(tracker.tickets).toEqual([
    { key: "OPS-1", title: "Queue depth above limit", comments: ["Disk 95 %", "acknowledged"], isClosed: true },
  ]);
  expect(seen.map(({ method }) => method)).toEqual(["POST", "POST", "POST", "PUT"]);
  const [created, ...others] = await storedDeliveries();
  expect(created).toMatchObject({ status: "delivered", captured: { issue_key: "OPS-1" } });
  for (const other of others) {
    expect(other).toMatchObject({ status: "delivered" });
    expect(other).not.toHaveProperty("captured");
  }
  const [alert] = await storedAlerts();
  expect(await captured()).toEqual([
    {
      alert_id: alert?.id,
      destination_id: DESTINATION,
      captured: JSON.stringify({ issue_key: ["OPS-1", created?.event_id] }),
    },
  ]);
});

it("later deliveries of an alert wait while the first one is retried, and use up no attempt", async () => {
  const world = await startTickets();
  const tracker = new Tracker();
  const seen = fakeOutside(trackerDown(2, tracker));
  await processBatch(world.context, lifecycle());
  expect(seen).toHaveLength(1);
  expect((await storedDeliveries()).map(({ attempts, reason }) => [attempts.length, reason])).toEqual([
    [1, "The destination responded with status 503."],
    [0, "waits_for_earlier"],
    [0, "waits_for_earlier"],
    [0, "waits_for_earlier"],
  ]);
  await drain(world);
  expect(tracker.asked).toEqual(["create", "comment", "comment", "close"]);
  expect((await storedDeliveries()).map(({ status, attempts }) => [status, attempts.length])).toEqual([
    ["delivered", 3],
    ["delivered", 1],
    ["delivered", 1],
    ["delivered", 1],
  ]);
});

it("waits for earlier deliveries of other batches, whatever order their messages come in", async () => {
  const world = await startTickets();
  const tracker = new Tracker();
  fakeOutside(trackerDown(1, tracker));
  for (const message of lifecycle()) await processBatch(world.context, [message]);
  for (let round = 0; round < 30 && world.queued.length > 0; round++) {
    world.pass(HOUR_MS);
    for (const message of world.queued.splice(0).toReversed()) await consume(world, [message]);
  }
  expect(tracker.asked).toEqual(["create", "comment", "comment", "close"]);
  expect(tracker.refused).toEqual([]);
});

it("an earlier delivery that becomes final makes the next ones due at once", async () => {
  const world = await startTickets();
  await tables.destinations.update({ id: DESTINATION }, { retry_schedule: "[3600]" });
  contextOf(env).caches.config.forget();
  const tracker = new Tracker();
  fakeOutside(trackerDown(1, tracker));
  const [create, update] = lifecycle();
  if (create === undefined || update === undefined) throw new Error("no events");
  await processBatch(world.context, [create]);
  await processBatch(world.context, [update]);
  await consumeQueued(world);
  world.queued.splice(0);
  const [first, waiting] = await storedDeliveries();
  if (first === undefined) throw new Error("no delivery");
  expect(waiting?.reason).toBe("waits_for_earlier");
  await retryByHand(world.context, first);
  await consumeQueued(world);
  expect(tracker.asked).toEqual(["create"]);
  const second = (await storedDeliveries())[1];
  expect(Date.parse(second?.next_attempt_at ?? "")).toBeLessThanOrEqual(world.context.clock());
  await consumeQueued(world);
  expect(tracker.asked).toEqual(["create", "comment"]);
});

it("alerts do not wait for each other, nor do destinations without such requests", async () => {
  const world = await startTickets();
  const tracker = new Tracker();
  fakeOutside((seen) => (seen.body.includes("Broken") ? new Response("", { status: 500 }) : tracker.answer(seen)));
  await processBatch(world.context, [
    eventMessage("create", "disk", { title: "Broken" }),
    eventMessage("create", "cpu"),
    eventMessage("resolve", "disk"),
    eventMessage("resolve", "cpu"),
  ]);
  expect(tracker.asked).toEqual(["create", "close"]);
});

it("what needs a value that no delivery captured dies with that reason, and can be retried after the first one", async () => {
  const world = await startTickets();
  await tables.destinations.update({ id: DESTINATION }, { retry_schedule: "[1]" });
  contextOf(env).caches.config.forget();
  const tracker = new Tracker();
  fakeOutside(trackerDown(2, tracker));
  await processBatch(world.context, [eventMessage("create", "disk"), eventMessage("resolve", "disk")]);
  await drain(world);
  const dead = await storedDeliveries();
  expect(dead.map(({ status, reason }) => [status, reason])).toEqual([
    ["dead", "attempts_exhausted"],
    ["dead", "captured_missing"],
  ]);
  expect(dead[1]?.attempts).toMatchObject([
    { status: null, error: expect.stringContaining("needs the captured value issue_key") },
  ]);
  for (const each of dead) {
    await retryByHand(world.context, each);
    await drain(world);
  }
  expect(tracker.asked).toEqual(["create", "close"]);
});

it("a response without the value is delivered and captures nothing", async () => {
  const world = await startTickets();
  fakeOutside(() => new Response("created", { status: 201 }));
  await processBatch(world.context, [eventMessage("create", "disk")]);
  expect(await storedDeliveries()).toMatchObject([{ status: "delivered", attempts: [{ response_body: "created" }] }]);
  expect(await captured()).toEqual([]);
});

it("a value with the secret of the request is not kept", async () => {
  const world = await startTickets();
  const sealed_token = await contextOf(env).keys.seal("s3cret-token", DESTINATION);
  await tables.destinations.update({ id: DESTINATION }, { auth: JSON.stringify({ type: "bearer", sealed_token }) });
  contextOf(env).caches.config.forget();
  fakeOutside(() => Response.json({ issue: { key: "echo s3cret-token" } }));
  await processBatch(world.context, [eventMessage("create", "disk")]);
  expect(await captured()).toEqual([]);
});

it("a long response is read for its values, and shown up to the usual length", async () => {
  const world = await startTickets();
  fakeOutside(() => Response.json({ filler: "x".repeat(50_000), issue: { key: "OPS-9" } }));
  await processBatch(world.context, [eventMessage("create", "disk")]);
  const [delivery] = await storedDeliveries();
  expect(delivery?.captured).toEqual({ issue_key: "OPS-9" });
  expect(delivery?.attempts[0]?.response_body).toHaveLength(2_048);
});

it("a later capture adds to what is kept, and a replay replaces it", async () => {
  const { "alert.created": create, "alert.updated": update } = TICKET_REQUESTS;
  const world = await startTickets({
    "alert.created": create,
    "alert.updated": { ...update, capture: { comment_id: "id" } },
  });
  fakeOutside((_, count) => Response.json({ issue: { key: `OPS-${count}` }, id: count }));
  await processBatch(world.context, [eventMessage("create", "disk"), eventMessage("update", "disk")]);
  const [row] = await captured();
  expect(JSON.parse(row?.captured ?? "")).toMatchObject({
    issue_key: ["OPS-1", expect.any(String)],
    comment_id: ["2", expect.any(String)],
  });
});

it("waits for an event that another consumer has not recorded yet, and not for one that is lost", async () => {
  const world = await startTickets();
  const tracker = new Tracker();
  const [create, update] = lifecycle();
  if (create === undefined || update === undefined) throw new Error("no events");
  const answered = Promise.withResolvers<undefined>();
  fakeOutside(async (seen) => {
    if (tracker.asked.length === 0) await answered.promise;
    return tracker.answer(seen);
  });
  // The first consumer has appended the event and waits for the destination; the second one takes the next event.
  const first = processBatch(world.context, [create]);
  while ((await tables.alert_histories.all()).length === 0) await scheduler.wait(10);
  const second = processUntilDone(world.context, [update]);
  await second;
  expect(tracker.asked).toEqual([]);
  answered.resolve(undefined);
  await first;
  await drain(world);
  expect(tracker.asked).toEqual(["create", "comment"]);
});

it("an event of the history that was never recorded is waited for at most 40 minutes", async () => {
  const world = await startTickets();
  const tracker = new Tracker();
  fakeOutside((seen) => tracker.answer(seen));
  const [create, update, acknowledge] = lifecycle();
  if (create === undefined || update === undefined || acknowledge === undefined) throw new Error("no events");
  await processBatch(world.context, [create, update]);
  await tables.events.delete({ id: update.id });
  await processBatch(world.context, [acknowledge]);
  expect((await storedDeliveries())[1]).toMatchObject({ status: "pending", reason: "waits_for_earlier", attempts: [] });
  world.pass(41 * 60_000);
  await consumeQueued(world);
  expect(tracker.asked).toEqual(["create", "comment", "comment"]);
});

it("goes on after a pause, an open breaker and a deletion of what came before", async () => {
  const world = await startTickets();
  const tracker = new Tracker();
  fakeOutside(trackerDown(1, tracker));
  await processBatch(world.context, lifecycle());
  const now = new Date(world.context.clock()).toISOString();
  await tables.destinations.update({ id: DESTINATION }, { paused_at: now });
  contextOf(env).caches.config.forget();
  await drain(world);
  expect(tracker.asked).toEqual([]);
  await tables.destinations.update({ id: DESTINATION }, { paused_at: null });
  contextOf(env).caches.config.forget();
  for (const { id, attempts } of await storedDeliveries()) {
    world.queued.push({ v: 1, delivery_id: id, attempts: attempts.length });
  }
  await drain(world);
  expect(tracker.asked).toEqual(["create", "comment", "comment", "close"]);
});

it("costs no call of the database for a destination without such requests", async () => {
  const calls: string[] = [];
  const DB = interceptedDatabase((sql, call) => {
    calls.push(String(sql));
    return call();
  });
  await insertRouted(DESTINATION);
  const world = createWorld({ DB });
  fakeOutside((_, count) => new Response("", { status: count <= 4 ? 503 : 200 }));
  await processBatch(world.context, lifecycle());
  await drain(world);
  expect((await storedDeliveries()).map(({ status }) => status)).toEqual(Array(4).fill("delivered"));
  expect(calls.length).toBeGreaterThan(0);
  expect(calls.filter((sql) => sql.includes("captured_values") || sql.includes("opener"))).toEqual([]);
});
