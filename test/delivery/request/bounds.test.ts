import { expect, it } from "vitest";
import { boundDeliveries } from "../../../src/storage/events/deliveries-column.ts";
import { consumeQueued, failedAttempt, storedDeliveries } from "../../support/deliveries.ts";
import { createWorld, eventMessage, fakeOutside, insertRouted, processBatch } from "../../support/world.ts";
import { tables } from "../../support/tables.ts";

const D1_ROW_BYTES = 2_000_000;

it("an event with very many failing destinations fits a row, and ends by the schedule", async () => {
  const ids = Array.from({ length: 150 }, (_, index) => `dst_${String(index).padStart(28, "0")}`);
  await insertRouted(...ids);
  const world = createWorld();
  const seen = fakeOutside(() => new Response("\u0001".repeat(4_000), { status: 500 }));
  await processBatch(world.context, [eventMessage("create", "disk")]);
  for (let round = 0; round < 60 && world.queued.length > 0; round++) {
    world.pass(10_000);
    await consumeQueued(world);
  }
  const deliveries = await storedDeliveries();
  expect(new Set(deliveries.map((each) => `${each.status} ${each.attempts.length}`))).toEqual(new Set(["dead 4"]));
  expect(seen).toHaveLength(600);
  const stored = String(await tables.events.value("deliveries"));
  expect(new TextEncoder().encode(stored).length).toBeLessThan(D1_ROW_BYTES / 2);
});

it("few attempts keep every response", () => {
  const attempt = { ...failedAttempt("2026-11-20T10:00:00.000Z"), response_body: "x".repeat(2_048) };
  const delivery = {
    id: "dlv_1",
    event_id: "evt_1",
    destination_id: "dst_1",
    route_id: "rte_1",
    replay_of: null,
    replayed_by: null,
    status: "pending",
    attempts: Array.from({ length: 10 }, () => attempt),
    next_attempt_at: null,
    reason: null,
    created_at: "",
    updated_at: "",
  } as const;
  expect(boundDeliveries([delivery])).toEqual([delivery]);
});
