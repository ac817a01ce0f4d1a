import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { processEvents } from "../../../src/pipeline/process-events.ts";
import { retryDeliveries } from "../../../src/delivery/attempts/retries.ts";
import { parseDeliveryMessage } from "../../../src/model/delivery.ts";
import {
  consume,
  consumeQueued,
  onlyDelivery,
  storeLarge,
  storedDeliveries,
  unreadableBodies,
} from "../../support/deliveries.ts";
import { createWorld, fakeOutside, insertRouted } from "../../support/world.ts";

const FIRST = "dst_0000000000000000000000000001";
const SECOND = "dst_0000000000000000000000000002";

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

  it.each([
    ["first attempt", 600_000],
    ["retry", 150_000],
  ])("whose destination hangs does not delay the %s at another destination", async (which, length) => {
    await insertRouted(FIRST, SECOND);
    const world = createWorld();
    const { message, reference } = await storeLarge("disk", length);
    const hanging = Promise.withResolvers<Response>();
    let isDown = which === "retry";
    const seen = fakeOutside(({ url }) => {
      if (isDown) return new Response("", { status: 503 });
      return url.endsWith(FIRST) ? hanging.promise : new Response("ok");
    });
    const { finish } = await processEvents(world.context, [{ message, stored_at: reference.stored_at }]);
    if (which === "retry") {
      await finish();
      isDown = false;
      world.pass(60_000);
      const retried = world.queued.splice(0).map((body) => ({ body: parseDeliveryMessage(body) }));
      const run = await retryDeliveries(
        world.context,
        retried.flatMap(({ body }) => (body === null ? [] : { body })),
      );
      hanging.resolve(new Response("at last"));
      await run.finish();
    } else {
      hanging.resolve(new Response("at last"));
      await finish();
    }
    const attempts = seen.map(({ url }) => (url.endsWith(FIRST) ? "hanging" : "other"));
    expect(attempts.slice(which === "retry" ? 2 : 0)).toEqual(["hanging", "other"]);
    const deliveries = await storedDeliveries();
    expect(deliveries.map(({ status }) => status)).toEqual(["delivered", "delivered"]);
    expect(world.queued).toEqual([]);
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
