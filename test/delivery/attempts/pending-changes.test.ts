import { asShard } from "../../../src/platform/shards.ts";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { contextOf } from "../../../src/context.ts";
import { changePending } from "../../../src/delivery/attempts/pending-changes.ts";
import { pendingChanges } from "../../../src/maintenance/pending-changes.ts";
import { DEFER_REASONS, type Delivery } from "../../../src/model/delivery.ts";
import { lowestIdAt } from "../../../src/model/ids.ts";
import { client, statusOf } from "../../support/api.ts";
import { AT, deliveryTo } from "../../api/records.ts";
import { interceptedDatabase } from "../../support/intercepted-database.ts";
import { emptyMeter, meteredDatabase } from "../../support/metered-database.ts";
import { type World, createWorld, insertDestination, storedEvents } from "../../support/world.ts";
import { tables } from "../../support/tables.ts";

const OTHER = "dst_0000000000000000000000000001";
const OWN = "dst_0000000000000000000000000002";
const BACKLOG = 6_000;
const OWN_EVENTS = 20;

const meter = emptyMeter();
let world: World = createWorld();

/** Inserts many events that are pending for another destination, and behind them a few for the one that changes. */
async function seed(changes: Partial<Delivery>): Promise<void> {
  const due = new Date(Date.now() + 7_200_000).toISOString();
  const rows = Array.from({ length: BACKLOG + OWN_EVENTS }, (_, index) => {
    const id = lowestIdAt("evt", Date.parse(AT) + index);
    const pending = { status: "pending", next_attempt_at: due, attempts: [], ...changes } as const;
    const deliveries = [deliveryTo(id, index < BACKLOG ? OTHER : OWN, pending)];
    return { id, integration_id: "int_1", type: "event.received", rescue_at: Date.now() + index, deliveries };
  });
  await tables.events.insert(...rows);
}

async function own(): Promise<Delivery[]> {
  const deliveries = (await storedEvents()).flatMap((event) => event.deliveries);
  return deliveries.filter(({ destination_id }) => destination_id === OWN);
}

async function finish(): Promise<number> {
  let runs = 0;
  while ((await tables.maintenance_tasks.count()) > 0) {
    if (++runs > 10) throw new Error("It never ends.");
    await pendingChanges.run(contextOf(world.context.env), pendingChanges.max_calls);
  }
  return runs;
}

beforeEach(async () => {
  for (const id of [OTHER, OWN]) await insertDestination(id);
  Object.assign(meter, emptyMeter());
  world = createWorld({ DB: meteredDatabase(meter) });
});

describe("a change of a destination beside a large backlog of another", () => {
  it("reads a bounded number of rows and is finished by maintenance", async () => {
    await seed({});
    await tables.destinations.update({ id: OWN }, { enabled: false });
    await changePending(contextOf(world.context.env), OWN, "cancel_disabled");
    // Four pages of a thousand events, of which D1 bills five rows each, whatever the backlog.
    expect(meter.read).toBeLessThan(20_100);
    expect(meter.queries).toBeLessThan(30);
    expect(await tables.maintenance_tasks.count()).toBe(1);
    expect(await finish()).toBe(1);
    expect(new Set((await own()).map(({ status, reason }) => `${status} ${reason}`))).toEqual(
      new Set(["cancelled destination_disabled"]),
    );
    const others = (await storedEvents())
      .flatMap((event) => event.deliveries)
      .filter((d) => d.destination_id === OTHER);
    expect(others.every(({ status }) => status === "pending")).toBe(true);
  });

  it("ends if the destination is enabled again in the meantime", async () => {
    await seed({});
    await changePending(contextOf(world.context.env), OWN, "cancel_disabled");
    await finish();
    expect((await own()).every(({ status }) => status === "pending")).toBe(true);
  });

  it("deletes the destination with 204 at once", async () => {
    await seed({});
    expect(statusOf(await client.destinations.delete(OWN))).toBe(204);
    expect(await tables.maintenance_tasks.count()).toBe(1);
    await finish();
    expect(new Set((await own()).map(({ reason }) => reason))).toEqual(new Set(["destination_deleted"]));
  });

  it.each([
    ["resume", DEFER_REASONS.breaker],
    ["release_slots", DEFER_REASONS.rate_limit],
  ] as const)("makes what waits due: %s", async (kind, reason) => {
    await seed({ reason });
    await changePending(contextOf(world.context.env), OWN, kind);
    await finish();
    const now = new Date().toISOString();
    expect((await own()).every(({ next_attempt_at }) => (next_attempt_at ?? "") <= now)).toBe(true);
    expect(world.queued).toHaveLength(OWN_EVENTS);
  });

  it("continues after a failure of the database", async () => {
    vi.spyOn(console, "warn").mockImplementation(() => {});
    await seed({});
    await tables.destinations.update({ id: OWN }, { enabled: false });
    let reads = 0;
    const failing = interceptedDatabase(async ([sql = ""], call) => {
      if (sql.includes("OCTET_LENGTH") && ++reads === 2) throw new Error("connection lost");
      return await call();
    });
    const { context } = world;
    const db = asShard(failing);
    await changePending({ ...context, shards: [{ ...context.shard, db }] }, OWN, "cancel_disabled");
    expect(await tables.maintenance_tasks.count()).toBe(1);
    await finish();
    expect((await own()).every(({ status }) => status === "cancelled")).toBe(true);
  });
});
