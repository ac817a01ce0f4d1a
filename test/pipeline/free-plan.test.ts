import { env } from "cloudflare:workers";
import { beforeEach, expect, it, vi } from "vitest";
import { type Context, contextOf } from "../../src/context.ts";
import { lowestIdAt } from "../../src/model/ids.ts";
import { AT, deliveryTo } from "../api/records.ts";
import { request } from "../support/api.ts";
import { bindingsWith, fakeQueue } from "../support/bindings.ts";
import { takeEvents } from "../support/deliveries.ts";
import { insertIntegrationRow } from "../support/integrations.ts";
import { maintain } from "../support/maintenance.ts";
import { json, post } from "../support/posting.ts";
import { type Usage, measureInvocation } from "../support/strict-platform/invocation.ts";
import { FREE } from "../support/strict-platform/limits.ts";
import { tables } from "../support/tables.ts";
import { createWorld, fakeOutside, insertRouted, storedEvents } from "../support/world.ts";

// One invocation on the Free plan may make 50 calls, D1 statements among them. The batches of its consumers are small.

const BATCH = 5;
const DESTINATION = "dst_0000000000000000000000000001";

beforeEach(async () => {
  await insertIntegrationRow({ id: "int_alerts" });
  await insertRouted(DESTINATION);
});

/** Sends alerts with these keys, one request each, and returns what is queued. */
async function send(keys: readonly string[]): Promise<{ readonly queued: unknown[]; readonly usage: Usage }> {
  const events = fakeQueue();
  const bindings = bindingsWith({ EVENTS: events.queue, ACCEPT_DURABILITY: "outbox" });
  let last: Usage | undefined;
  for (const key of keys) {
    const { value, usage } = await measureInvocation(
      FREE,
      async () =>
        await post(bindings, "/integration/int_alerts", json({ event_type: "create", Id: key, Title: "Pump" })),
    );
    expect(value.status).toBe(200);
    last = usage;
  }
  if (last === undefined) throw new Error("nothing was sent");
  return { queued: events.sent, usage: last };
}

it("a webhook is accepted", async () => {
  const { usage } = await send(["disk"]);
  expect(usage.subrequests).toBeLessThan(10);
});

it("a batch of new alerts is processed and delivered", async () => {
  fakeOutside();
  const { queued } = await send(Array.from({ length: BATCH }, (_, index) => `key-${index}`));
  const world = createWorld();
  const { usage } = await measureInvocation(FREE, async () => {
    await takeEvents(
      world.context,
      queued.map((body) => ({ body })),
    );
  });
  expect(usage.d1_queries).toBeLessThan(FREE.d1_queries);
  const deliveries = (await storedEvents()).flatMap((event) => event.deliveries);
  expect(deliveries.map(({ status }) => status)).toEqual(Array.from({ length: BATCH }, () => "delivered"));
});

it("a batch of one alert's history is processed, whose destination fails", async () => {
  fakeOutside(() => new Response("", { status: 500 }));
  const events = fakeQueue();
  const bindings = bindingsWith({ EVENTS: events.queue });
  for (const event_type of ["create", "create", "acknowledge", "resolve", "create"]) {
    await post(bindings, "/integration/int_alerts", json({ event_type, Id: "disk", Title: "Disk" }));
  }
  const world = createWorld();
  await measureInvocation(
    FREE,
    async () =>
      await takeEvents(
        world.context,
        events.sent.map((body) => ({ body })),
      ),
  );
  expect((await storedEvents()).map(({ outcome }) => outcome)).toEqual([
    "created",
    "repeated",
    "acknowledged",
    "resolved",
    "created",
  ]);
});

it("the API creates and lists", async () => {
  for (const [method, path, body] of [
    ["POST", "/integrations", { name: "Hook", type: "catch" }],
    ["POST", "/destinations", { name: "Receiver", type: "webhook", url: "https://receiver.example.com/in" }],
    ["GET", "/events", undefined],
    ["GET", "/deliveries", undefined],
    ["GET", "/reconciliation", undefined],
  ] as const) {
    const { value } = await measureInvocation(
      FREE,
      async () => await request(path, { method, body: JSON.stringify(body) }),
    );
    expect([path, value.status < 300]).toEqual([path, true]);
  }
});

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
/** The parts of maintenance take turns, a minute each. */
const TURNS = 3;

/** Runs maintenance for each turn from a time on, within the limits of the plan. Returns the log lines of what failed. */
async function maintainOnFree(fromMs: number): Promise<unknown[]> {
  const errors = vi.spyOn(console, "error").mockClear();
  errors.mockImplementation(() => {});
  const ofPaid = createWorld({ EVENTS: fakeQueue().queue, DELIVERIES: fakeQueue().queue }).context;
  const context: Context = { ...ofPaid, settings: { ...ofPaid.settings, plan: "free" } };
  for (let turn = 0; turn < TURNS; turn++) {
    await measureInvocation(FREE, async () => await maintain(context, "* * * * *", fromMs + turn * MINUTE));
  }
  return [...errors.mock.calls];
}

const AGES = {
  "a minute": MINUTE,
  "two hours": 2 * HOUR,
  "26 hours": 26 * HOUR,
  "60 hours": 60 * HOUR,
  "32 days": 768 * HOUR,
};

// Some tasks run every tenth minute only, and some read more at the end of an hour or a day.
it.each(Object.entries(AGES))("maintenance runs %s after light traffic", async (_, age) => {
  fakeOutside();
  const { queued } = await send(Array.from({ length: BATCH }, (_each, index) => `key-${index % (BATCH - 1)}`));
  await takeEvents(
    createWorld().context,
    queued.map((body) => ({ body })),
  );
  for (let minute = 0; minute < 10; minute += TURNS) {
    const tenth = Math.ceil((Date.now() + age) / (10 * MINUTE)) * 10 * MINUTE;
    expect(await maintainOnFree(tenth + minute * MINUTE)).toEqual([]);
  }
});

/** Returns an event of this age, in ms. */
function eventOf(age: number): { readonly id: string; readonly integration_id: string; readonly received_at: string } {
  const at = Date.now() - age;
  return { id: lowestIdAt("evt", at), integration_id: "int_alerts", received_at: new Date(at).toISOString() };
}

it("maintenance of a backlog does a part of it in each run", async () => {
  const pending = { status: "pending", next_attempt_at: AT, attempts: [] } as const;
  const overdue = Array.from({ length: 40 }, (_, index) => {
    const event = eventOf(HOUR - index);
    return { ...event, type: "event.received", rescue_at: 1, deliveries: [deliveryTo(event.id, DESTINATION, pending)] };
  });
  const expired = Array.from({ length: 1_200 }, (_, index) => eventOf(40 * 24 * HOUR - index));
  await tables.events.insert(...overdue, ...expired);
  const message = JSON.stringify("x".repeat(1_000));
  for (let index = 0; index < 300; index++) await tables.outbox.insert({ id: `evt_${index}`, message });
  const errors: unknown[] = [];
  for (let round = 0; round < 3; round++) errors.push(...(await maintainOnFree(Date.now() + round * TURNS * MINUTE)));
  expect(errors).toEqual([]);
  expect(await tables.events.count({ rescue_at: 1 })).toBe(0);
  expect(await tables.events.count({})).toBe(overdue.length);
});

it("maintenance runs all tasks of the Paid plan in each run", async () => {
  const before = Date.now() + 2 * HOUR;
  await maintain(contextOf(env), "* * * * *", before);
  const next = (await tables.maintenance_tasks.all<{ task: string; next_at: number }>()).map(({ task }) => task);
  expect(next).toEqual(expect.arrayContaining(["retention", "rollup", "reconcile"]));
});
