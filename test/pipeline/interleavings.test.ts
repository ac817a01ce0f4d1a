import fc from "fast-check";
import { expect, it, vi } from "vitest";
import type { Action, EventMessage } from "../../src/model/event.ts";
import { deliveryIdOf } from "../../src/model/ids.ts";
import { expectModel } from "../support/pagertree-model.ts";
import { startOver } from "../support/storage.ts";
import {
  createWorld,
  eventMessage,
  fakeOutside,
  insertDestination,
  insertRoute,
  processBatch,
  storedAlerts,
  storedEvents,
} from "../support/world.ts";
import { runs } from "../support/runs.ts";
import { waitTurns } from "../support/turns.ts";

const DESTINATION = "dst_0000000000000000000000000001";

const plan = fc.array(
  fc.record({
    action: fc.constantFrom<Action>("create", "acknowledge", "resolve"),
    key: fc.constantFrom("disk", "cpu"),
  }),
  { minLength: 1, maxLength: 8 },
);

/** Returns each event at least once, some repeatedly, in any order, in batches of any size. */
function schedules(count: number): fc.Arbitrary<number[][]> {
  const all = Array.from({ length: count }, (_, index) => index);
  return fc
    .tuple(
      fc.shuffledSubarray(all, { minLength: count }),
      fc.array(fc.nat(count - 1), { maxLength: 6 }),
      fc.infiniteStream(fc.integer({ min: 1, max: 4 })),
    )
    .map(([order, extra, sizes]) => {
      const queue = [...order, ...extra];
      const batches: number[][] = [];
      while (queue.length > 0) batches.push(queue.splice(0, sizes.next().value));
      return batches;
    });
}

async function startRouted(): Promise<void> {
  await startOver();
  await insertDestination(DESTINATION);
  await insertRoute("rte_test", [DESTINATION]);
}

async function expectOutcome(messages: readonly EventMessage[]): Promise<void> {
  await expectModel(messages);
  for (const { id, outcome, deliveries } of await storedEvents()) {
    const told = ["created", "acknowledged", "resolved"].includes(outcome);
    // A delivery that was sent before an earlier event arrived cannot be recalled, so there may be more than are due now.
    if (told) {
      expect(deliveries.map((each) => [each.id, each.status])).toEqual([[deliveryIdOf(id, DESTINATION), "delivered"]]);
    }
  }
}

it("any interleaving and duplication of batches ends in the same alerts, outcomes and deliveries", async () => {
  const cases = plan.chain((steps) => fc.tuple(fc.constant(steps), schedules(steps.length)));
  await fc.assert(
    fc.asyncProperty(cases, async ([steps, batches]) => {
      await startRouted();
      const seen = fakeOutside();
      const messages = steps.map(({ action, key }) => eventMessage(action, key));
      const { context } = createWorld();
      for (const batch of batches) {
        const unfinished = await processBatch(
          context,
          batch.flatMap((index) => messages[index] ?? []),
        );
        expect(unfinished.size).toBe(0);
      }
      await expectOutcome(messages);
      const ids = seen.map((each) => each.headers.get("webhook-id"));
      expect(new Set(ids).size).toBe(ids.length);

      const before = await storedEvents();
      const alerts = await storedAlerts();
      const sends = seen.length;
      await processBatch(context, messages);
      expect(await storedEvents()).toEqual(before);
      expect(await storedAlerts()).toEqual(alerts);
      expect(seen.length).toBe(sends);
      vi.restoreAllMocks();
    }),
    { numRuns: runs(60) },
  );
});

it("concurrent consumers end in the same alerts, outcomes and deliveries", async () => {
  const cases = plan.chain((steps) =>
    fc.tuple(fc.constant(steps), schedules(steps.length), fc.infiniteStream(fc.nat(3))),
  );
  await fc.assert(
    fc.asyncProperty(cases, async ([steps, batches, pauses]) => {
      await startRouted();
      fakeOutside(async () => {
        // Lets other consumers run in between, as a network would.
        await waitTurns(pauses.next().value);
        return new Response("ok");
      });
      const messages = steps.map(({ action, key }) => eventMessage(action, key));
      const { context } = createWorld();
      const run = async (batch: readonly number[]): Promise<void> => {
        const wanted = batch.flatMap((index) => messages[index] ?? []);
        let left = await processBatch(context, wanted);
        for (let tries = 0; left.size > 0 && tries < 20; tries++) {
          left = await processBatch(
            context,
            wanted.filter(({ id }) => left.has(id)),
          );
        }
        expect(left.size).toBe(0);
      };
      await Promise.all(batches.map(run));
      await expectOutcome(messages);
      vi.restoreAllMocks();
    }),
    { numRuns: runs(60) },
  );
});
