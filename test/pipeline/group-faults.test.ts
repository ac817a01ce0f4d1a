import { contextOf } from "../../src/context.ts";
import fc from "fast-check";
import { expect, it, vi } from "vitest";
import type { EventMessage } from "../../src/model/event.ts";
import { atTime } from "../support/maintenance.ts";
import { rescueAllGroups } from "../../src/maintenance/rescue-groups.ts";
import { consume, storedDeliveries } from "../support/deliveries.ts";
import { type Fault, faultyDatabase } from "../support/faulty-database.ts";
import { closesIn, dataIn, eventAt, insertGroupingRoute, storedGroups } from "../support/groups.ts";
import { startOver } from "../support/storage.ts";
import {
  type Seen,
  type World,
  createWorld,
  fakeOutside,
  insertDestination,
  processUntilDone,
  storedEvents,
} from "../support/world.ts";
import { runs } from "../support/runs.ts";
import { waitTurns } from "../support/turns.ts";
import { tables } from "../support/tables.ts";

const DESTINATION = "dst_0000000000000000000000000001";
const WINDOW_SECONDS = 10;

async function startRouted(): Promise<void> {
  await startOver();
  await insertDestination(DESTINATION);
  await insertGroupingRoute("rte_00000000000000000000000000aa", [DESTINATION], {
    group_window_seconds: WINDOW_SECONDS,
  });
}

/**
 * Every event is in the one delivery of one group, and what is sent of a group is the same each time. Where an event is
 * corrected while its group is closed by two at once, they may tell its alert differently (`tells` leaves that out).
 */
async function expectEachOnce(
  messages: readonly EventMessage[],
  seen: readonly Seen[],
  tells: (body: string) => string = (body) => body,
): Promise<void> {
  const groups = await storedGroups();
  expect(sorted(groups.flatMap(({ members }) => members))).toEqual(sorted(messages.map(({ id }) => id)));
  expect(groups.every(({ closed, event_id }) => closed === 1 && event_id !== null)).toBe(true);
  const deliveries = await storedDeliveries();
  expect(deliveries.map(({ status }) => status)).toEqual(groups.map(() => "delivered"));
  expect(sorted(deliveries.map(({ event_id }) => event_id))).toEqual(sorted(groups.map(({ event_id }) => event_id)));
  const bodies = Map.groupBy(seen, (each) => each.headers.get("webhook-id"));
  expect(sorted([...bodies.keys()])).toEqual(sorted(deliveries.map(({ id }) => id)));
  for (const sent of bodies.values()) expect(new Set(sent.map((each) => tells(each.body))).size).toBe(1);
  const told = [...bodies.values()].flatMap((sent) => dataIn(sent[0]?.body ?? "")["event_ids"] ?? []);
  expect(sorted(told)).toEqual(sorted(messages.map(({ id }) => id)));
  for (const { type } of await storedEvents()) expect(type).not.toBeNull();
  const grouped = (await tables.events.all<{ grouped: number }>()).reduce((sum, row) => sum + row.grouped, 0);
  expect(grouped).toBe(messages.length);
}

function sorted(texts: readonly unknown[]): string[] {
  return texts.map(String).toSorted((a, b) => (a < b ? -1 : 1));
}

/** Runs maintenance and the DELIVERIES consumer after the last fault. */
async function closeAll(world: World): Promise<void> {
  for (let round = 0; round < 10; round++) {
    world.pass(3_600_000);
    world.queued.length = 0;
    await rescueAllGroups.run(atTime(contextOf(world.context.env), world.context.clock()), rescueAllGroups.max_calls);
    if (closesIn(world.queued).length === 0) return;
    await consume(world, world.queued.splice(0));
  }
  throw new Error("groups stay open");
}

const steps = fc.array(
  fc.record({ gap: fc.constantFrom(0, 1, 4_000, 10_000, 25_000), key: fc.constantFrom("disk", "cpu") }),
  { minLength: 1, maxLength: 7 },
);

function eventsOf(list: readonly { readonly gap: number; readonly key: string }[]): EventMessage[] {
  let at = Date.now();
  return list.map(({ gap, key }) => eventAt((at += gap), "create", key));
}

it("faults before and after every step leave each event in the one delivery of one group", async () => {
  const faults = fc.array(fc.constantFrom<Fault>("none", "none", "before", "after"), { maxLength: 14 });
  await fc.assert(
    fc.asyncProperty(steps, faults, faults, fc.boolean(), async (list, whileProcessing, whileClosing, apart) => {
      await startRouted();
      const seen = fakeOutside();
      const pending = [...whileProcessing];
      const world = createWorld({ DB: faultyDatabase(() => pending.shift() ?? "none") });
      const messages = eventsOf(list);
      const batches = apart ? messages.map((message) => [message]) : [messages];
      for (const batch of batches) await processUntilDone(world.context, batch);
      pending.push(...whileClosing);
      world.pass(3_600_000);
      const closes = world.queued.splice(0);
      await consume(world, closes);
      await consume(world, closes);
      pending.length = 0;
      await processUntilDone(world.context, messages);
      await closeAll(world);
      await expectEachOnce(messages, seen);
      vi.restoreAllMocks();
    }),
    { numRuns: runs(50) },
  );
});

it("consumers that process and close at once leave each event in one group", async () => {
  await fc.assert(
    fc.asyncProperty(
      steps,
      fc.infiniteStream(fc.nat(3)),
      fc.infiniteStream(fc.nat(30)),
      async (list, pauses, starts) => {
        await startRouted();
        const seen = fakeOutside(async () => {
          await waitTurns(pauses.next().value);
          return new Response("ok");
        });
        const world = createWorld();
        const messages = eventsOf(list);
        world.pass(3_600_000);
        const close = async (): Promise<void> => {
          const groups = await tables.groups.all();
          await consume(
            world,
            groups.map(({ id }) => ({ v: 1, close_group: id })),
          );
        };
        const later = async (work: () => Promise<void>): Promise<void> => {
          await waitTurns(starts.next().value);
          await work();
        };
        await Promise.all([
          ...messages.map((message) => later(() => processUntilDone(world.context, [message]))),
          later(() => processUntilDone(world.context, messages)),
          ...Array.from({ length: 6 }, () => later(close)),
        ]);
        await closeAll(world);
        await expectEachOnce(messages, seen, (body) => JSON.stringify({ ...dataIn(body), alert: null }));
        vi.restoreAllMocks();
      },
    ),
    { numRuns: runs(40) },
  );
});
