import { contextOf } from "../../src/context.ts";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { changePending } from "../../src/delivery/attempts/pending-changes.ts";
import { lowestIdAt } from "../../src/model/ids.ts";
import { START_CRON } from "../../src/maintenance/maintenance.ts";
import { maintain } from "../support/maintenance.ts";
import { emptyMeter, meteredDatabase } from "../support/metered-database.ts";
import { createWorld, eventMessage, fakeOutside, insertRouted, processBatch, storedEvents } from "../support/world.ts";
import { tables } from "../support/tables.ts";

// D1 bills rows read and runs one query at a time, so nothing that runs by itself may read every row.

const DESTINATION = "dst_0000000000000000000000000001";
const FINISHED = 4_000;
const DAY = 86_400_000;

/** Inserts events that were delivered a day ago, each with a key, an alert and an idempotency key of its own. */
async function seedFinished(): Promise<void> {
  const rows = Array.from({ length: FINISHED }, (_, index) => {
    const id = lowestIdAt("evt", Date.now() - DAY + index);
    return { id, alert_id: id.replace("evt_", "alr_"), key: `key-${index}` };
  });
  const of = { integration_id: "int_test" };
  const event = { ...of, type: "alert.created", outcome: "created", received_at: "2026-01-01", version: 2 };
  await tables.events.insert(...rows.map(({ id, alert_id }) => ({ ...event, id, alert_id })));
  const times = { created_at: "2126-01-01", updated_at: "2126-01-01", resolved_at: "2126-01-01" };
  const alert = { ...of, namespace: "int_test", status: "resolved", ...times };
  await tables.alerts.insert(
    ...rows.map(({ id, alert_id, key }) => ({ ...alert, id: alert_id, key, fields_from: id })),
  );
  await tables.alert_histories.insert(
    ...rows.map(({ id, key }) => ({ namespace: "int_test", key, log: { [id]: "create" } })),
  );
  await tables.inbound_idempotency_keys.insert(
    ...rows.map(({ id, key }) => ({ ...of, idempotency_key: key, event_id: id })),
  );
}

const meter = emptyMeter();

async function readBy(run: () => Promise<unknown>): Promise<number> {
  meter.read = 0;
  await run();
  return meter.read;
}

const world = () => createWorld({ DB: meteredDatabase(meter) });

beforeEach(async () => {
  vi.spyOn(console, "warn").mockImplementation(() => {});
  fakeOutside(() => new Response("", { status: 503 }));
  await insertRouted(DESTINATION);
  await seedFinished();
  await processBatch(createWorld().context, [eventMessage("create", "disk"), eventMessage("create", "cpu")]);
});

describe("beside many finished events", () => {
  it("a destination that recovers has only its pending deliveries read", async () => {
    expect(await readBy(() => changePending(world().context, DESTINATION, "resume"))).toBeLessThan(100);
  });

  it("so has one that is disabled", async () => {
    const { context } = world();
    expect(await readBy(() => changePending(contextOf(context.env), DESTINATION, "cancel_disabled"))).toBeLessThan(100);
    const cancelled = (await storedEvents()).flatMap(({ deliveries }) => deliveries);
    expect(cancelled.map(({ status }) => status)).toEqual(["cancelled", "cancelled"]);
  });

  it("a start reads little", async () => {
    const { context } = world();
    // The scans that are due run first.
    await maintain(contextOf(context.env), "* * * * *", context.clock());
    expect(await readBy(() => maintain(contextOf(context.env), START_CRON, context.clock()))).toBeLessThan(200);
  });

  it("maintenance reads none of them in most minutes, and scans a few times a day", async () => {
    const { context } = world();
    const minutes: number[] = [];
    for (let minute = 0; minute < 10; minute++) {
      const at = context.clock() + minute * 60_000;
      minutes.push(await readBy(() => maintain(contextOf(context.env), "* * * * *", at)));
    }
    const [first = 0, ...others] = minutes;
    expect(first).toBeGreaterThan(FINISHED);
    expect(others.filter((read) => read > 200)).toHaveLength(3);
    expect(await readBy(() => maintain(contextOf(context.env), "* * * * *", context.clock() + DAY))).toBeGreaterThan(
      FINISHED,
    );
  });
});
