import { env } from "cloudflare:workers";
import fc from "fast-check";
import { expect, it, vi } from "vitest";
import { contextOf } from "../../../src/context.ts";
import type { Action } from "../../../src/model/event.ts";
import type { Env } from "../../../src/platform/bindings.ts";
import { consume, storedDeliveries } from "../../support/deliveries.ts";
import { faultyDatabase } from "../../support/faulty-database.ts";
import { runs } from "../../support/runs.ts";
import { startOver } from "../../support/storage.ts";
import { tables } from "../../support/tables.ts";
import { TICKET_REQUESTS, Tracker } from "../../support/tracker.ts";
import { waitTurns } from "../../support/turns.ts";
import {
  type World,
  createWorld,
  eventMessage,
  fakeOutside,
  insertRouted,
  processBatch,
  processUntilDone,
  storedAlerts,
} from "../../support/world.ts";

const DESTINATION = "dst_0000000000000000000000000001";
const HOUR_MS = 3_600_000;

const plan = fc.array(
  fc.record({
    action: fc.constantFrom<Action>("create", "update", "acknowledge", "resolve"),
    key: fc.constantFrom("disk", "cpu"),
  }),
  { minLength: 2, maxLength: 10 },
);

type Chance = { readonly next: () => number };

async function start(limits: object, env_changes: Partial<Env> = {}): Promise<World> {
  await startOver();
  await insertRouted(DESTINATION);
  await tables.destinations.update({ id: DESTINATION }, { requests: JSON.stringify(TICKET_REQUESTS), ...limits });
  contextOf(env).caches.config.forget();
  return createWorld(env_changes);
}

/** Takes what is queued, in any order, in batches of any size, some of them side by side and some twice, until nothing is pending. */
async function drain(world: World, chance: Chance): Promise<void> {
  for (let round = 0; round < 400; round++) {
    world.pass(HOUR_MS);
    const messages = world.queued.splice(0).toSorted(() => (chance.next() % 3) - 1);
    const batches: unknown[][] = [];
    while (messages.length > 0) batches.push(messages.splice(0, 1 + (chance.next() % 4)));
    const again = batches.filter(() => chance.next() % 5 === 0);
    await Promise.all([...batches, ...again].map((batch) => consume(world, batch)));
    if ((await storedDeliveries()).every(({ status }) => status !== "pending")) return;
    if (world.queued.length === 0) throw new Error("a delivery waits that no message is for");
  }
  throw new Error("the deliveries do not end");
}

/** What tickets must be there, from the alerts on record. */
async function expectTickets(tracker: Tracker): Promise<void> {
  const alerts = await storedAlerts();
  expect(tracker.refused).toEqual([]);
  expect(tracker.tickets).toHaveLength(alerts.length);
  const resolved = alerts.filter(({ status }) => status === "resolved").length;
  expect(tracker.tickets.filter(({ isClosed }) => isClosed)).toHaveLength(resolved);
  for (const { status } of await storedDeliveries()) expect(status).toBe("delivered");
}

const LIMITS = fc.constantFrom(
  {},
  { max_concurrency: 1 },
  { rate_limit: JSON.stringify({ requests: 1, period_seconds: 1 }) },
);

it("each alert has one ticket that ends as the alert does, whatever fails before it takes effect and whatever comes first", async () => {
  const cases = plan.chain((steps) => fc.tuple(fc.constant(steps), fc.infiniteStream(fc.nat(999)), LIMITS));
  await fc.assert(
    fc.asyncProperty(cases, async ([steps, numbers, limits]) => {
      const chance: Chance = { next: () => numbers.next().value };
      const world = await start({ retry_schedule: JSON.stringify(Array.from({ length: 50 }, () => 1)), ...limits });
      const tracker = new Tracker();
      fakeOutside(async (seen) => {
        await waitTurns(chance.next() % 3);
        return chance.next() % 3 === 0 ? new Response("down", { status: 503 }) : tracker.answer(seen);
      });
      const messages = steps.map(({ action, key }) => eventMessage(action, key));
      // In order of receipt: a late event can change what was opened, and its ticket with it.
      while (messages.length > 0) {
        const batch = messages.splice(0, 1 + (chance.next() % 4));
        await processBatch(world.context, batch);
        if (chance.next() % 4 === 0) await processBatch(world.context, batch);
      }
      await drain(world, chance);
      await expectTickets(tracker);
      vi.restoreAllMocks();
    }),
    { numRuns: runs(60) },
  );
});

/** Asks again for every pending delivery, as maintenance does for messages that were lost. */
async function rescue(world: World): Promise<void> {
  for (const { id, status, attempts } of await storedDeliveries()) {
    if (status === "pending") world.queued.push({ v: 1, delivery_id: id, attempts: attempts.length });
  }
}

it("the same holds with consumers side by side whose database fails before and after calls took effect", async () => {
  const cases = plan.chain((steps) => fc.tuple(fc.constant(steps), fc.infiniteStream(fc.nat(999))));
  await fc.assert(
    fc.asyncProperty(cases, async ([steps, numbers]) => {
      const chance: Chance = { next: () => numbers.next().value };
      let isFaulty = true;
      const DB = faultyDatabase(() => {
        if (!isFaulty || chance.next() % 12 !== 0) return "none";
        return chance.next() % 2 === 0 ? "before" : "after";
      });
      const retry_schedule = JSON.stringify(Array.from({ length: 50 }, () => 1));
      const world = await start({ retry_schedule }, { DB });
      const tracker = new Tracker();
      fakeOutside(async (seen) => {
        await waitTurns(chance.next() % 4);
        const before = chance.next() % 5 === 0;
        const response = before ? null : tracker.answer(seen);
        // The request took effect, and the response is lost.
        return response === null || chance.next() % 5 === 0 ? new Response("down", { status: 503 }) : response;
      });
      const messages = steps.map(({ action, key }) => eventMessage(action, key));
      // Histories are appended in order of receipt; what follows runs side by side.
      const batches: (typeof messages)[] = [];
      while (messages.length > 0) batches.push(messages.splice(0, 1 + (chance.next() % 4)));
      await Promise.all(batches.map((batch) => processUntilDone(world.context, batch)));
      isFaulty = false;
      for (let round = 0; round < 400; round++) {
        if ((await storedDeliveries()).every(({ status }) => status !== "pending")) break;
        world.pass(HOUR_MS);
        if (world.queued.length === 0) await rescue(world);
        isFaulty = round < 20;
        const taken = world.queued.splice(0);
        await Promise.all([consume(world, taken.slice(0, 5)), consume(world, taken.slice(5))]);
        isFaulty = false;
      }
      const alerts = await storedAlerts();
      expect((await storedDeliveries()).map(({ status }) => status)).toEqual(
        (await storedDeliveries()).map(() => "delivered"),
      );
      // A late event can have opened an alert anew, whose first ticket then stays as it is.
      expect(tracker.tickets.length).toBeGreaterThanOrEqual(alerts.length);
      expect(tracker.refused).toEqual([]);
      vi.restoreAllMocks();
    }),
    { numRuns: runs(40) },
  );
});
