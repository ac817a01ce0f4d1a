import { env } from "cloudflare:workers";
import { beforeEach, expect, it, vi } from "vitest";
import { contextOf, forgetContext } from "../../src/context.ts";
import { unwrap } from "../../src/client/index.ts";
import { client } from "../support/api.ts";
import { bindingsWith, fakeQueue } from "../support/bindings.ts";
import { takeEvents } from "../support/deliveries.ts";
import { insertIntegrationRow } from "../support/integrations.ts";
import { emptyMeter, meteredDatabase } from "../support/metered-database.ts";
import { json, post } from "../support/posting.ts";
import { createWorld, fakeOutside, insertRouted } from "../support/world.ts";

// What Cloudflare bills for an event on its whole way. The figures are exact, so that a change of one is noticed.

const NOW = Date.now();
const ALERTS = "/integration/int_alerts";
let hook = "";

type Bill = {
  /** Rows of D1. */
  readonly written: number;
  readonly read: number;
  /** Calls of D1 and of the destination: their number is limited, and each is waited for. */
  readonly calls: number;
  readonly queued: number;
};

beforeEach(async () => {
  // As it is deployed.
  // A message of an earlier test may have made the isolate's state meanwhile, with the variables of all tests.
  forgetContext();
  contextOf({ ...env, ACCEPT_DURABILITY: "queue" });
  const made = unwrap(await client.integrations.create({ name: "Hook", type: "catch" }));
  hook = `/hooks/catch/${made.id}`;
  await insertIntegrationRow({ id: "int_alerts" });
  await insertRouted("dst_0000000000000000000000000001");
});

/** Sends webhooks at the same moment and processes the batch that they make. */
async function billFor(path: string, bodies: readonly unknown[]): Promise<Bill> {
  // On a busy machine, what isolates know would be out of date before the second request.
  vi.spyOn(Date, "now").mockReturnValue(NOW);
  const events = fakeQueue();
  const deliveries = fakeQueue();
  const seen = fakeOutside();
  const meter = emptyMeter();
  const DB = meteredDatabase(meter);
  const bindings = bindingsWith({ ACCEPT_DURABILITY: "queue", EVENTS: events.queue, DB });
  const answers = await Promise.all(bodies.map((body) => post(bindings, path, json(body))));
  expect(answers.map(({ status }) => status)).toEqual(bodies.map(() => 200));
  const { context } = createWorld({ DB, EVENTS: events.queue, DELIVERIES: deliveries.queue });
  await takeEvents(
    context,
    events.sent.map((body) => ({ body })),
  );
  expect(seen).toHaveLength(bodies.length);
  const queued = events.sent.length + deliveries.sent.length;
  return { written: meter.written, read: meter.read, calls: meter.calls + seen.length, queued };
}

/** The bill once isolates know their configuration. */
async function billWarm(path: string, bodies: readonly unknown[]): Promise<Bill> {
  await billFor(path, bodies.slice(0, 1));
  vi.restoreAllMocks();
  return await billFor(path, bodies.slice(1));
}

it("a catch event writes one row, takes one message and three calls", async () => {
  const bill = await billWarm(hook, [{ n: 1 }, { n: 2 }]);
  expect(bill).toMatchObject({ written: 1, calls: 3, queued: 1 });
  expect(bill.read).toBeLessThanOrEqual(12);
});

it("a PagerTree create writes two rows, takes one message and three calls", async () => {
  const bill = await billWarm(ALERTS, [
    { event_type: "create", Id: "pump-1", Title: "Pump" },
    { event_type: "create", Id: "pump-2", Title: "Pump" },
  ]);
  expect(bill).toMatchObject({ written: 2, calls: 3, queued: 1 });
  expect(bill.read).toBeLessThanOrEqual(23);
});

it("a hundred events of a batch share its two transactions", async () => {
  const bill = await billWarm(
    hook,
    Array.from({ length: 101 }, (_, n) => ({ n })),
  );
  expect(bill).toMatchObject({ written: 100, calls: 2 + 100, queued: 100 });
  expect(bill.read).toBeLessThanOrEqual(100 * 10);
});
