import { env } from "cloudflare:workers";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { contextOf } from "../../src/context.ts";
import { startInvocation } from "../../src/delivery/attempts/invocation.ts";
import { retryDeliveries } from "../../src/delivery/attempts/retries.ts";
import { UNITS_PER_MS } from "../../src/model/budget.ts";
import type { EventMessage } from "../../src/model/event.ts";
import { carryOver } from "../../src/pipeline/carry-over.ts";
import { TOO_COSTLY_ERROR } from "../../src/templates/liquid.ts";
import { fakeQueue } from "../support/bindings.ts";
import { consumeQueued, onlyDelivery, storedDeliveries, takeEvents } from "../support/deliveries.ts";
import { tables } from "../support/tables.ts";
import {
  createWorld,
  eventMessage,
  fakeOutside,
  insertDestination,
  insertRouted,
  processBatch,
  storedEvents,
} from "../support/world.ts";

// The costliest filters and templates that can be saved, over bodies that are made for them. What is asserted is the work and
// what became of the rest, not the time.

const DESTINATION = "dst_0000000000000000000000000001";
const OTHER = "dst_0000000000000000000000000002";
const ITEMS = Array.from({ length: 1_200 }, () => ({ a: "x7", b: { c: 7 } }));
const LOOP =
  "{% for a in items %}{% for b in items %}{% if a.a == b.a and a.b.c > 3 %}x{% endif %}{% endfor %}{% endfor %}";
/** The work of an invocation, and of the piece that it may end with. */
const MAX_UNITS = 500 * UNITS_PER_MS;
const MAX_PIECE = 210 * UNITS_PER_MS;

function withBody(body: unknown, index: number, integration_id = "int_test"): EventMessage {
  const message = eventMessage("create", `${integration_id}-${index}`);
  const request = { ...message.content.request, body: JSON.stringify(body) };
  return { ...message, integration_id, content: { ...message.content, request } };
}

const costly = (index: number): EventMessage => withBody({ n: index, items: ITEMS }, index);

async function setTemplate(body: string, updated_at = "2026-11-01T00:00:00.000Z"): Promise<void> {
  const payload = JSON.stringify({ mode: "template", content_type: "text/plain", body });
  await tables.destinations.update({ id: DESTINATION }, { payload, updated_at });
  contextOf(env).caches.config.forget();
}

/** Returns the work of each batch of events, as the log shows it. */
function watchUnits(): number[] {
  const units: number[] = [];
  vi.spyOn(console, "info").mockImplementation((line: string) => {
    const fields: { event: string; units: number } = JSON.parse(line);
    if (fields.event === "events.processed") units.push(fields.units);
  });
  vi.spyOn(console, "warn").mockImplementation(() => {});
  return units;
}

beforeEach(async () => {
  await insertDestination(DESTINATION);
});

describe("a hundred events for a template that is too costly for each", () => {
  beforeEach(async () => {
    await insertRouted(OTHER);
    await setTemplate(LOOP);
    await tables.routes.insert({ id: "rte_2", destination_ids: [DESTINATION] });
  });

  it("take one allowance together, let others run meanwhile, and leave the rest to the queue", async () => {
    const units = watchUnits();
    const pauses = vi.spyOn(scheduler, "wait");
    const seen = fakeOutside();
    const world = createWorld();
    const fates = await takeEvents(
      world.context,
      Array.from({ length: 100 }, (_, index) => ({ body: costly(index) })),
    );
    expect(new Set(fates.map(({ kind }) => kind))).toEqual(new Set(["acked"]));
    expect(units).toHaveLength(1);
    expect(units[0]).toBeLessThan(MAX_UNITS + MAX_PIECE);
    expect(pauses).toHaveBeenCalled();

    const deliveries = (await storedDeliveries()).filter((each) => each.destination_id === DESTINATION);
    expect(deliveries).toHaveLength(100);
    const rendered = deliveries.filter(({ attempts }) => attempts.length > 0);
    expect(rendered.length).toBeGreaterThanOrEqual(1);
    expect(rendered.length).toBeLessThanOrEqual(12);
    // Nothing is lost: each is in the queue, or was delivered to the destination without a template.
    const queued = new Set(world.queued.map((message) => Object(message).delivery_id));
    expect(deliveries.every(({ id }) => queued.has(id))).toBe(true);
    expect(seen.length).toBeGreaterThan(0);
  });

  it("do not keep the event of another integration from its first attempt", async () => {
    watchUnits();
    const seen = fakeOutside();
    const events = [...Array.from({ length: 20 }, (_, index) => costly(index)), withBody({ n: 1 }, 0, "int_other")];
    await takeEvents(
      createWorld().context,
      events.map((body) => ({ body })),
    );
    const { id = "" } = events.at(-1) ?? {};
    const stored = (await storedDeliveries()).filter(({ event_id }) => event_id === id);
    expect(stored.map(({ status }) => status)).toEqual(["delivered", "delivered"]);
    expect(seen.map(({ url }) => url)).toContain(`https://receiver.example.com/${DESTINATION}`);
  });
});

describe("a template that is too costly for an event", () => {
  it("is not rendered again by a retry, until the destination is changed", async () => {
    watchUnits();
    await tables.routes.insert({ id: "rte_1", destination_ids: [DESTINATION] });
    await setTemplate(LOOP);
    const seen = fakeOutside();
    const world = createWorld();
    await processBatch(world.context, [costly(0)]);
    expect((await onlyDelivery()).attempts.map(({ error }) => error)).toEqual([TOO_COSTLY_ERROR]);

    world.pass(10_000);
    const invocation = startInvocation(world.context);
    const { finish } = await retryDeliveries(
      world.context,
      [{ body: { v: 1, delivery_id: (await onlyDelivery()).id, attempts: 1 } }],
      invocation,
    );
    await finish();
    expect(invocation.allowance.spent).toBe(0);
    expect((await onlyDelivery()).attempts.map(({ error }) => error)).toEqual([TOO_COSTLY_ERROR, TOO_COSTLY_ERROR]);

    await setTemplate("{{ items.size }}", new Date(world.context.clock()).toISOString());
    world.pass(3_600_000);
    world.queued.splice(0, world.queued.length - 1);
    await consumeQueued(world);
    expect(seen.map(({ body }) => body)).toEqual(["1200"]);
    expect((await onlyDelivery()).status).toBe("delivered");
  });
});

describe("ten routes with three hundred terms over a list of 1,500", () => {
  it("take one allowance of a batch, and the events beyond it come again, without any attempt counted", async () => {
    const units = watchUnits();
    fakeOutside();
    const terms = Array.from({ length: 300 }, (_, index) => ({ "data.event.payload.list.a": -1 - index }));
    await tables.routes.insert(
      ...Array.from({ length: 10 }, (_, index) => ({
        id: `rte_${index}`,
        destination_ids: [DESTINATION],
        match: JSON.stringify({ $or: terms }),
      })),
    );
    contextOf(env).caches.config.forget();
    const list = Array.from({ length: 1_500 }, (_, index) => ({ a: index }));
    const events = fakeQueue();
    const { context } = createWorld({ EVENTS: events.queue });
    let left: readonly unknown[] = Array.from({ length: 12 }, (_, index) => withBody({ n: index, list }, index));
    for (let batches = 1; left.length > 0; batches++) {
      expect(batches).toBeLessThan(12);
      const fates = await takeEvents(
        context,
        left.map((body) => ({ body })),
      );
      // Put back as new messages: a queue retries one message only so often.
      expect(new Set(fates.map(({ kind }) => kind))).toEqual(new Set(["acked"]));
      const again = events.sent.splice(0);
      expect(again.length).toBeLessThan(left.length);
      left = again;
    }
    expect(units.length).toBeGreaterThan(1);
    expect(Math.max(...units)).toBeLessThan(MAX_UNITS + MAX_PIECE);
    expect(await storedEvents()).toHaveLength(12);
  });

  it("are retried if they cannot be put back", async () => {
    vi.spyOn(console, "warn").mockImplementation(() => {});
    const retry = vi.fn();
    const ack = vi.fn();
    const message = { id: "m", body: "{}", attempts: 1, timestamp: new Date(), ack, retry };
    await carryOver(fakeQueue("throws").queue, [message]);
    expect(retry).toHaveBeenCalledWith({ delaySeconds: 1 });
    expect(ack).not.toHaveBeenCalled();
  });
});
