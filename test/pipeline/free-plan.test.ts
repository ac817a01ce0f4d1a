import { env } from "cloudflare:workers";
import { beforeEach, expect, it } from "vitest";
import { contextOf } from "../../src/context.ts";
import { request } from "../support/api.ts";
import { bindingsWith, fakeQueue } from "../support/bindings.ts";
import { takeEvents } from "../support/deliveries.ts";
import { insertIntegrationRow } from "../support/integrations.ts";
import { maintain } from "../support/maintenance.ts";
import { json, post } from "../support/posting.ts";
import { type Usage, measureInvocation } from "../support/strict-platform/invocation.ts";
import { FREE } from "../support/strict-platform/limits.ts";
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

it("maintenance runs all tasks of a gateway that is at rest", async () => {
  const { usage } = await measureInvocation(
    FREE,
    async () => await maintain(contextOf(env), "* * * * *", Date.now() + 7_200_000),
  );
  expect(usage.d1_queries).toBeLessThanOrEqual(FREE.d1_queries);
});
