import { beforeEach, describe, expect, it, vi } from "vitest";
import { boundDeliveries } from "../../src/storage/events/deliveries-column.ts";
import type { ConfigSnapshot } from "../../src/storage/config/config.ts";
import { createHealth } from "../../src/delivery/limits/health.ts";
import { type CancelReason, cancel, enterAttempt, newDelivery } from "../../src/delivery/attempts/transitions.ts";
import type { Delivery } from "../../src/model/delivery.ts";
import type { Destination } from "../../src/model/destination.ts";
import { planDeliveries } from "../../src/pipeline/plan.ts";
import type { Candidate } from "../../src/routing/select.ts";
import { destinationWith, routeWith } from "../support/configuration.ts";
import { failedAttempt } from "../support/deliveries.ts";
import { eventMessage } from "../support/world.ts";

const FIRST = "dst_0000000000000000000000000001";
const SECOND = "dst_0000000000000000000000000002";
const AT = "2026-11-20T10:00:00.000Z";
const LATER = "2026-11-20T10:05:00.000Z";
const { id, integration_id, received_at, content } = eventMessage("create", "disk");
const EVENT: Candidate = { id, integration_id, received_at, type: "alert.created", alert: null, content };

function configOf(destinations: readonly Destination[]): ConfigSnapshot {
  const routes = [routeWith({ id: "rte_1", destination_ids: [FIRST, SECOND] })];
  return {
    revision: 1,
    watched_until: 0,
    transformations: new Map(),
    integration_transformations: new Map(),
    short_rows_from: 0,
    lone_alerts_from: 0,
    routes,
    destinations: new Map(destinations.map((each) => [each.id, each])),
  };
}

const BOTH = configOf([destinationWith({ id: FIRST }), destinationWith({ id: SECOND })]);

function plan(existing: readonly Delivery[] = [], event = EVENT, config = BOTH, health = createHealth(() => 0)) {
  return planDeliveries({ config, health, at: LATER }, event, existing);
}

function existingDelivery(destination_id = FIRST): Delivery {
  return newDelivery(id, { destination_id, route_id: "rte_1" }, AT);
}

describe("a plan", () => {
  it("has a delivery to each destination, to be attempted at once", async () => {
    const { deliveries, first_attempts } = await plan();
    expect(deliveries.map((each) => [each.destination_id, each.status])).toEqual([
      [FIRST, "pending"],
      [SECOND, "pending"],
    ]);
    expect(first_attempts.map((first) => first.delivery)).toEqual(deliveries);
  });

  it("has no deliveries of an event without a type", async () => {
    expect(await plan([], { ...EVENT, type: null })).toEqual({ deliveries: [], first_attempts: [], memberships: [] });
  });

  it("leaves a destination that is slow or failing to the queue", async () => {
    const health = createHealth(() => 0);
    health.mark(FIRST, false, 0);
    const { deliveries, first_attempts } = await plan([], EVENT, BOTH, health);
    expect(deliveries[0]).toMatchObject({ destination_id: FIRST, status: "pending", next_attempt_at: LATER });
    expect(first_attempts.map((first) => first.destination.id)).toEqual([SECOND]);
  });

  it("shows a delivery to a disabled destination as cancelled, and leaves out a deleted one", async () => {
    const config = configOf([destinationWith({ id: FIRST, enabled: false })]);
    const { deliveries, first_attempts } = await plan([], EVENT, config);
    expect(deliveries).toMatchObject([{ destination_id: FIRST, status: "cancelled", reason: "destination_disabled" }]);
    expect(first_attempts).toEqual([]);
  });

  it("made twice has the same deliveries, and attempts none of them again", async () => {
    const once = (await plan()).deliveries;
    expect(await plan(once)).toEqual({ deliveries: once, first_attempts: [], memberships: [] });
  });

  it("cancels a delivery that is not due any more, unless it is delivered or dead", async () => {
    const delivered = enterAttempt(existingDelivery(SECOND), failedAttempt(AT), { kind: "delivered" }, AT);
    const { deliveries, first_attempts } = await plan([existingDelivery(), delivered], { ...EVENT, type: null });
    expect(deliveries).toEqual([cancel(existingDelivery(), "superseded", LATER), delivered]);
    expect(first_attempts).toEqual([]);
  });

  it("reinstates a superseded delivery that is due again", async () => {
    const superseded = cancel(existingDelivery(), "superseded", AT);
    const { deliveries } = await plan([superseded]);
    expect(deliveries.find((each) => each.destination_id === FIRST)).toMatchObject({
      id: superseded.id,
      status: "pending",
      reason: null,
      next_attempt_at: expect.any(String),
    });
  });

  describe("for more recipients than deliveries", () => {
    const ids = Array.from({ length: 1_200 }, (_, index) => `dst_${String(index).padStart(28, "0")}`);
    const config = {
      ...configOf(ids.map((each) => destinationWith({ id: each }))),
      routes: [routeWith({ id: "rte_1", destination_ids: ids })],
    };

    beforeEach(() => void vi.spyOn(console, "error").mockImplementation(() => {}));

    it("has 499 deliveries, and a dead one for all others", async () => {
      const { deliveries, first_attempts } = await plan([], EVENT, config);
      expect(deliveries).toHaveLength(500);
      expect(deliveries.slice(0, 499).every(({ status }) => status === "pending")).toBe(true);
      expect(deliveries.at(-1)).toMatchObject({
        destination_id: ids[499],
        status: "dead",
        reason: "too_many_destinations",
        next_attempt_at: null,
      });
      expect(first_attempts).toHaveLength(499);
    });

    it("is the same when it is made again", async () => {
      const once = (await plan([], EVENT, config)).deliveries;
      expect(await plan(once, EVENT, config)).toMatchObject({ deliveries: once, first_attempts: [] });
    });

    it("shows a dead one beside as many replays", async () => {
      const replays = Array.from({ length: 500 }, (_, index) => ({
        ...existingDelivery(ids[index]),
        id: `dlv_${index}`,
        replay_of: id,
      }));
      const { deliveries } = await plan(replays, EVENT, config);
      expect(deliveries.filter(({ status }) => status === "dead")).toHaveLength(1);
      expect(deliveries.length).toBeLessThanOrEqual(501);
    });

    it("fits into a row of D1, with every attempt of each", async () => {
      const error = "x".repeat(200);
      const attempted = (await plan([], EVENT, config)).deliveries.map((delivery) =>
        Array.from({ length: 10 }).reduce<Delivery>(
          (current) =>
            enterAttempt(
              current,
              { ...failedAttempt(AT), response_body: "é".repeat(2_000), error },
              { kind: "retry", delay_seconds: 5 },
              AT,
            ),
          delivery,
        ),
      );
      const bounded = boundDeliveries(attempted);
      expect(new TextEncoder().encode(JSON.stringify(bounded)).byteLength).toBeLessThan(1_000_000);
      expect(bounded.map(({ attempts }) => attempts.length)).toEqual(attempted.map(({ attempts }) => attempts.length));
      expect(bounded[0]?.attempts.at(-1)?.error).toBe(error);
    });
  });

  it.each<CancelReason>(["destination_disabled", "destination_deleted", "content_erased"])(
    "does not reinstate a delivery that was cancelled for another reason: %s",
    async (reason) => {
      const given = cancel(existingDelivery(), reason, AT);
      const { deliveries, first_attempts } = await plan([given, existingDelivery(SECOND)]);
      expect(deliveries[0]).toEqual(given);
      expect(first_attempts).toEqual([]);
    },
  );
});
