import { describe, expect, it } from "vitest";
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
  return { revision: 1, routes, destinations: new Map(destinations.map((each) => [each.id, each])) };
}

const BOTH = configOf([destinationWith({ id: FIRST }), destinationWith({ id: SECOND })]);

function plan(existing: readonly Delivery[] = [], event = EVENT, config = BOTH, health = createHealth(() => 0)) {
  return planDeliveries({ config, health, at: LATER }, event, existing);
}

function existingDelivery(destination_id = FIRST): Delivery {
  return newDelivery(id, { destination_id, route_id: "rte_1" }, AT);
}

describe("a plan", () => {
  it("has a delivery to each destination, to be attempted at once", () => {
    const { deliveries, first_attempts } = plan();
    expect(deliveries.map((each) => [each.destination_id, each.status])).toEqual([
      [FIRST, "pending"],
      [SECOND, "pending"],
    ]);
    expect(first_attempts.map((first) => first.delivery)).toEqual(deliveries);
  });

  it("has no deliveries of an event without a type", () => {
    expect(plan([], { ...EVENT, type: null })).toEqual({ deliveries: [], first_attempts: [], memberships: [] });
  });

  it("leaves a destination that is slow or failing to the queue", () => {
    const health = createHealth(() => 0);
    health.mark(FIRST, false, 0);
    const { deliveries, first_attempts } = plan([], EVENT, BOTH, health);
    expect(deliveries[0]).toMatchObject({ destination_id: FIRST, status: "pending", next_attempt_at: LATER });
    expect(first_attempts.map((first) => first.destination.id)).toEqual([SECOND]);
  });

  it("shows a delivery to a disabled destination as cancelled, and leaves out a deleted one", () => {
    const config = configOf([destinationWith({ id: FIRST, enabled: false })]);
    const { deliveries, first_attempts } = plan([], EVENT, config);
    expect(deliveries).toMatchObject([{ destination_id: FIRST, status: "cancelled", reason: "destination_disabled" }]);
    expect(first_attempts).toEqual([]);
  });

  it("made twice has the same deliveries, and attempts none of them again", () => {
    const once = plan().deliveries;
    expect(plan(once)).toEqual({ deliveries: once, first_attempts: [], memberships: [] });
  });

  it("cancels a delivery that is not due any more, unless it is delivered or dead", () => {
    const delivered = enterAttempt(existingDelivery(SECOND), failedAttempt(AT), { kind: "delivered" }, AT);
    const { deliveries, first_attempts } = plan([existingDelivery(), delivered], { ...EVENT, type: null });
    expect(deliveries).toEqual([cancel(existingDelivery(), "superseded", LATER), delivered]);
    expect(first_attempts).toEqual([]);
  });

  it("reinstates a superseded delivery that is due again", () => {
    const superseded = cancel(existingDelivery(), "superseded", AT);
    const { deliveries } = plan([superseded]);
    expect(deliveries.find((each) => each.destination_id === FIRST)).toMatchObject({
      id: superseded.id,
      status: "pending",
      reason: null,
      next_attempt_at: expect.any(String),
    });
  });

  it.each<CancelReason>(["destination_disabled", "destination_deleted", "content_erased"])(
    "does not reinstate a delivery that was cancelled for another reason: %s",
    (reason) => {
      const given = cancel(existingDelivery(), reason, AT);
      const { deliveries, first_attempts } = plan([given, existingDelivery(SECOND)]);
      expect(deliveries[0]).toEqual(given);
      expect(first_attempts).toEqual([]);
    },
  );
});
