import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { processEvents } from "../../../src/pipeline/process-events.ts";
import { consume, consumeQueued, onlyDelivery, storeLarge, unreadableBodies } from "../../support/deliveries.ts";
import { createWorld, fakeOutside, insertRouted } from "../../support/world.ts";

const FIRST = "dst_0000000000000000000000000001";

describe("an event that is too large for a message", () => {
  async function startLarge() {
    await insertRouted(FIRST);
    const world = createWorld();
    const { message, reference } = await storeLarge();
    const { stored_at } = reference;
    const seen = fakeOutside(() => new Response("", { status: 503 }));
    const { finish } = await processEvents(world.context, [{ message, stored_at }]);
    await finish();
    world.pass(2_000);
    return { world, seen, stored_at, body: message.content.request.body };
  }

  it("is retried with its content", async () => {
    const { world, seen, body } = await startLarge();
    await consumeQueued(world);
    expect(seen).toHaveLength(2);
    expect(seen[1]?.body).toBe(seen[0]?.body);
    expect(seen[1]?.body).toContain(body);
  });

  it("is cancelled with the reason after its content was erased", async () => {
    const { world, seen, stored_at } = await startLarge();
    await env.BODIES.delete(stored_at);
    expect(await consumeQueued(world)).toEqual([{ kind: "acked" }]);
    expect(await onlyDelivery()).toMatchObject({
      status: "cancelled",
      reason: "content_erased",
      next_attempt_at: null,
    });
    expect(seen).toHaveLength(1);
  });

  it("waits while its content cannot be read, without an attempt", async () => {
    const { world, seen } = await startLarge();
    const { context } = createWorld({ BODIES: unreadableBodies() });
    const fates = await consume({ ...world, context: { ...world.context, bodies: context.bodies } }, world.queued);
    expect(fates).toEqual([{ kind: "retried", delay_seconds: 30 }]);
    expect(await onlyDelivery()).toMatchObject({ status: "pending", attempts: [{ number: 1 }] });
    expect(seen).toHaveLength(1);
  });
});
