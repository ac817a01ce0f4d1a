import { contextOf } from "../../src/context.ts";
import fc from "fast-check";
import { expect, it } from "vitest";
import { retryDeliveries } from "../../src/delivery/attempts/retries.ts";
import { parseDeliveryMessage } from "../../src/model/delivery.ts";
import type { Action } from "../../src/model/event.ts";
import { atTime } from "../support/maintenance.ts";
import { rescueAllDeliveries } from "../../src/maintenance/rescue-deliveries.ts";
import { type Fault, faultyDatabase } from "../support/faulty-database.ts";
import { expectModel } from "../support/pagertree-model.ts";
import { startOver } from "../support/storage.ts";
import {
  type World,
  createWorld,
  eventMessage,
  fakeOutside,
  insertDestination,
  insertRoute,
  processUntilDone,
  storedEvents,
} from "../support/world.ts";
import { runs } from "../support/runs.ts";

const DESTINATIONS = ["dst_0000000000000000000000000001", "dst_0000000000000000000000000002"];

async function startRouted(): Promise<void> {
  await startOver();
  for (const id of DESTINATIONS) await insertDestination(id);
  await insertRoute("rte_test", DESTINATIONS);
}

/** Runs maintenance and the DELIVERIES consumer after the last fault. */
async function finishAll(world: World): Promise<void> {
  for (let round = 0; round < 10; round++) {
    world.pass(3_600_000);
    world.queued.length = 0;
    await rescueAllDeliveries.run(
      atTime(contextOf(world.context.env), world.context.clock()),
      rescueAllDeliveries.max_calls,
    );
    const messages = world.queued.flatMap((body) => {
      const parsed = parseDeliveryMessage(body);
      return parsed === null ? [] : [{ body: parsed }];
    });
    if (messages.length === 0) return;
    const { finish } = await retryDeliveries(world.context, messages);
    await finish();
  }
  throw new Error("deliveries stay pending");
}

const steps = fc.array(
  fc.record({
    action: fc.constantFrom<Action>("create", "acknowledge", "resolve"),
    key: fc.constantFrom("disk", "cpu"),
  }),
  { minLength: 1, maxLength: 6 },
);
const faults = fc.array(fc.constantFrom<Fault>("none", "none", "before", "after"), { maxLength: 12 });
const answers = fc.array(fc.constantFrom("ok", "refuse", "error"), { maxLength: 3 });

it("faults before and after every step lose nothing and change no outcome", async () => {
  await fc.assert(
    fc.asyncProperty(steps, faults, answers, fc.boolean(), async (list, dbFaults, outside, apart) => {
      await startRouted();
      const script = [...outside];
      const seen = fakeOutside(() => {
        const next = script.shift() ?? "ok";
        if (next === "error") throw new TypeError("Network connection lost.");
        return new Response("", { status: next === "ok" ? 200 : 503 });
      });
      const pending = [...dbFaults];
      const world = createWorld({ DB: faultyDatabase(() => pending.shift() ?? "none") });
      const messages = list.map(({ action, key }) => eventMessage(action, key));
      const batches = apart ? messages.toReversed().map((message) => [message]) : [messages];
      for (const batch of batches) await processUntilDone(world.context, batch);
      pending.length = 0;
      await processUntilDone(world.context, messages);
      await finishAll(world);

      await expectModel(messages);
      for (const { type, deliveries } of await storedEvents()) {
        if (type === null || type === "alert.repeated") continue;
        const statuses = new Map(deliveries.map((each) => [each.destination_id, each.status]));
        expect(statuses).toEqual(new Map(DESTINATIONS.map((id) => [id, "delivered"])));
      }
      // If events arrive late, a retry sends the state of that time; otherwise all attempts of a delivery have one body.
      if (apart) return;
      const bodies = Map.groupBy(seen, (each) => each.headers.get("webhook-id"));
      for (const sent of bodies.values()) expect(new Set(sent.map((each) => each.body)).size).toBe(1);
    }),
    { numRuns: runs(80) },
  );
});
