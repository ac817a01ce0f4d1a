import { asShard } from "../../src/platform/shards.ts";
import { env } from "cloudflare:workers";
import { expect, it, vi } from "vitest";
import { retryByHand } from "../../src/delivery/replay/replay.ts";
import { contextOf } from "../../src/context.ts";
import { reconcile } from "../../src/model/reconciliation.ts";
import { readTotals } from "../../src/storage/maintenance/reconciliation.ts";
import { writeRollups } from "../../src/storage/maintenance/rollups.ts";
import { onlyDelivery } from "../support/deliveries.ts";
import { eventAt } from "../support/groups.ts";
import { watchedDatabase } from "../support/watched-database.ts";
import { createWorld, fakeOutside, insertRouted, processBatch } from "../support/world.ts";
import { tables } from "../support/tables.ts";

const HOUR_MS = 3_600_000;

function hoursAgo(hours: number): number {
  return Date.now() - hours * HOUR_MS;
}

/** Calls `act` once, before or after the first query that contains `part`. */
function once(when: "before" | "after", part: string, act: () => Promise<unknown>) {
  const state = { isDone: false };
  const db = watchedDatabase({
    [when]: async (sql: string) => {
      if (state.isDone || !sql.includes(part)) return;
      state.isDone = true;
      await act();
    },
  });
  return { db, state };
}

async function balanceOf(db: D1Database) {
  const { accepted, outcomes, outbox } = await readTotals(asShard(db), Date.now());
  return reconcile(accepted, outcomes, outbox);
}

/** Makes a dead event of an hour whose outcomes are final and stored. */
async function remembered() {
  vi.spyOn(console, "warn").mockImplementation(() => {});
  fakeOutside(() => new Response("", { status: 503 }));
  const world = createWorld();
  await insertRouted("dst_0000000000000000000000000001");
  await tables.destinations.update({}, { retry_schedule: [] });
  contextOf(env).caches.config.forget();
  await processBatch(world.context, [eventAt(hoursAgo(5), "create", "disk")]);
  await writeRollups(asShard(env.DB), Date.now());
  await readTotals(asShard(env.DB), Date.now());
  expect(await tables.rollups.value("counts")).not.toBeNull();
  return world;
}

const LOOKS = "SELECT hour, accepted, changes, counts, cold FROM rollups";

it("a delivery that is retried while the totals are read is counted", async () => {
  const { context } = await remembered();
  const dead = await onlyDelivery();
  const { db, state } = once("after", LOOKS, () => retryByHand(context, dead));
  expect(await balanceOf(db)).toMatchObject({ accepted: 1, pending: 1, balanced: true });
  expect(state.isDone).toBe(true);
});

it("a late event of a final hour that comes while the totals are read is counted", async () => {
  const { context } = await remembered();
  const late = eventAt(hoursAgo(5) + 1, "create", "cpu");
  const { db, state } = once("after", LOOKS, () => processBatch(context, [late]));
  expect(await balanceOf(db)).toMatchObject({ accepted: 2, balanced: true });
  expect(state.isDone).toBe(true);
});

it("the outcomes of an hour are not stored as they were before a correction", async () => {
  fakeOutside();
  const { context } = createWorld();
  await insertRouted("dst_0000000000000000000000000001");
  const early = eventAt(hoursAgo(6), "create", "disk");
  await processBatch(context, [eventAt(hoursAgo(5), "resolve", "disk")]);
  await writeRollups(asShard(env.DB), Date.now());
  const { db, state } = once("before", "UPDATE rollups SET counts = u.value", () => processBatch(context, [early]));
  await readTotals(asShard(db), Date.now());
  expect(state.isDone).toBe(true);
  expect(await balanceOf(env.DB)).toMatchObject({ delivered: 2, ignored: 0, balanced: true });
});
