import { env } from "cloudflare:workers";
import { expect, it } from "vitest";
import { contextOf } from "../../../src/context.ts";
import type { Delivery } from "../../../src/model/delivery.ts";
import type { Payload } from "../../../src/model/destination.ts";
import { consumeQueued, storedDeliveries } from "../../support/deliveries.ts";
import { createWorld, eventMessage, fakeOutside, insertRouted, processBatch } from "../../support/world.ts";
import { tables } from "../../support/tables.ts";

const ID = "dst_0000000000000000000000000001";

async function setPayload(payload: Payload): Promise<void> {
  await tables.destinations.update({}, { payload: JSON.stringify(payload) });
  contextOf(env).caches.config.forget();
}

function template(body: string): Payload {
  return { mode: "template", content_type: "application/json", body };
}

async function storedDelivery(): Promise<Delivery> {
  const [delivery] = await storedDeliveries();
  if (delivery === undefined) throw new Error("Nothing is on record.");
  return delivery;
}

it("a template that renders no JSON sends nothing, says where, and delivers after it was corrected", async () => {
  await insertRouted(ID);
  await setPayload(template('{"key": {{ data.alert.key }}}'));
  const seen = fakeOutside();
  const world = createWorld();
  await processBatch(world.context, [eventMessage("create", "disk")]);
  expect(seen).toEqual([]);
  const failed = await storedDelivery();
  expect(failed.status).toBe("pending");
  expect(failed.next_attempt_at).not.toBe(null);
  expect(failed.attempts.map((attempt) => attempt.error)).toEqual([expect.stringContaining("position 8")]);

  await setPayload(template('{"key": {{ data.alert.key | json }}}'));
  world.pass(5_000);
  await consumeQueued(world);
  expect(seen.map((request) => request.body)).toEqual(['{"key": "disk"}']);
  expect((await storedDelivery()).status).toBe("delivered");
});

it("a preset is delivered in its shape, signed like any other body", async () => {
  await insertRouted(ID);
  await setPayload({ mode: "preset", preset: "cloudevents", options: {}, sealed_options: {} });
  const seen = fakeOutside();
  await processBatch(createWorld().context, [eventMessage("create", "disk")]);
  expect(seen).toHaveLength(1);
  expect(seen[0]?.headers.get("content-type")).toBe("application/cloudevents+json");
  expect(seen[0]?.headers.get("webhook-signature")).toMatch(/^v1,/);
  expect(JSON.parse(seen[0]?.body ?? "")).toMatchObject({
    specversion: "1.0",
    type: "hookgate.alert.created",
    subject: "disk",
  });
});
