import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { RetryDecision } from "../../../src/delivery/attempts/retry-decision.ts";
import {
  type CancelReason,
  cancel,
  enterAttempt,
  joinAttempts,
  newDelivery,
  reschedule,
  retryNow,
} from "../../../src/delivery/attempts/transitions.ts";
import type { Attempt, Delivery } from "../../../src/model/delivery.ts";
import { failedAttempt } from "../../support/deliveries.ts";

const EVENT = "evt_0000000000000000000000000001";
const RECIPIENT = { destination_id: "dst_0000000000000000000000000001", route_id: "rte_1" };
const START = Date.parse("2026-11-20T10:00:00.000Z");

const iso = (ms: number): string => new Date(START + ms).toISOString();
const fresh = newDelivery(EVENT, RECIPIENT, iso(0));

const decisions = fc.oneof(
  fc.constant<RetryDecision>({ kind: "delivered" }),
  fc.integer({ min: 1, max: 86_400 }).map((delay_seconds): RetryDecision => ({ kind: "retry", delay_seconds })),
  fc.constantFrom<RetryDecision>({ kind: "dead", reason: "gone" }, { kind: "dead", reason: "attempts_exhausted" }),
);
const reasons = fc.constantFrom<CancelReason>(
  "destination_disabled",
  "destination_deleted",
  "content_erased",
  "superseded",
);

type Step = (delivery: Delivery, at: number) => Delivery;
const entering = decisions.map(
  (decision): Step =>
    (delivery, at) =>
      enterAttempt(delivery, attemptAt(at, decision), decision, iso(at)),
);
const ownSteps = fc.oneof(
  { arbitrary: entering, weight: 3 },
  reasons.map(
    (reason): Step =>
      (delivery, at) =>
        cancel(delivery, reason, iso(at)),
  ),
  fc.nat(100_000).map(
    (ms): Step =>
      (delivery, at) =>
        reschedule(delivery, iso(at + ms)),
  ),
);

function attemptAt(at: number, decision: RetryDecision): Attempt {
  const succeeded = decision.kind === "delivered";
  return {
    ...failedAttempt(iso(at)),
    number: 99,
    status: succeeded ? 200 : 503,
    error: succeeded ? null : "The destination responded with status 503.",
  };
}

/** Returns the steps of one consumer; `offset` keeps its times apart from another's. */
function evolve(steps: readonly Step[], offset: number): Delivery {
  return steps.reduce((delivery, step, index) => step(delivery, offset + index * 1_000), fresh);
}

function expectSound(delivery: Delivery): void {
  expect(delivery.attempts.map((attempt) => attempt.number)).toEqual(delivery.attempts.map((_, index) => index + 1));
  expect(delivery.next_attempt_at === null).toBe(delivery.status !== "pending");
  if (delivery.status === "dead" || delivery.status === "cancelled") expect(delivery.reason).not.toBeNull();
  if (delivery.status === "delivered") expect(delivery.reason).toBeNull();
}

describe("a delivery", () => {
  it("starts pending and due, without attempts", () => {
    expect(fresh).toEqual({
      id: `dlv_${EVENT.slice(4)}0000000000000001`,
      event_id: EVENT,
      ...RECIPIENT,
      replay_of: null,
      replayed_by: null,
      status: "pending",
      attempts: [],
      next_attempt_at: iso(0),
      reason: null,
      created_at: iso(0),
      updated_at: iso(0),
    });
  });

  it("is sound after any steps: attempts numbered from 1 without gaps, a next attempt only while it is pending", () => {
    fc.assert(
      fc.property(fc.array(ownSteps, { maxLength: 12 }), (steps) => {
        let delivery = fresh;
        for (const [index, step] of steps.entries()) {
          const before = delivery;
          delivery = step(delivery, index * 1_000);
          expectSound(delivery);
          expect(delivery.attempts.length).toBeGreaterThanOrEqual(before.attempts.length);
          expect(delivery.attempts.slice(0, before.attempts.length)).toEqual(before.attempts);
          if (before.status === "delivered") expect(delivery.status).toBe("delivered");
          if (before.status !== "pending") expect(delivery.status).not.toBe("pending");
        }
      }),
    );
  });

  it("is delivered if either of two consumers delivered it, and shows every attempt of both", () => {
    const lists = fc.array(ownSteps, { maxLength: 8 });
    fc.assert(
      fc.property(lists, lists, (theirSteps, ourSteps) => {
        const theirs = evolve(theirSteps, 0);
        const ours = evolve(ourSteps, 500);
        const joined = joinAttempts(theirs, ours);
        expectSound(joined);
        expect(joined.attempts).toHaveLength(theirs.attempts.length + ours.attempts.length);
        expect(joined.status === "delivered").toBe(theirs.status === "delivered" || ours.status === "delivered");
        expect(joinAttempts(joined, ours)).toEqual(joined);
      }),
    );
  });

  it("shows both attempts of two consumers that made theirs in the same millisecond", () => {
    const theirs = enterAttempt(fresh, failedAttempt(iso(0)), { kind: "retry", delay_seconds: 5 }, iso(100));
    const success = { ...failedAttempt(iso(0)), status: 200, error: null };
    const ours = enterAttempt(fresh, success, { kind: "delivered" }, iso(120));
    const joined = joinAttempts(theirs, ours);
    expect(joined.status).toBe("delivered");
    expect(joined.attempts.map((attempt) => attempt.status)).toEqual([503, 200]);
  });

  it("waits from the time at which its attempt was entered, and says what failed", () => {
    const entered = enterAttempt(fresh, failedAttempt(iso(0)), { kind: "retry", delay_seconds: 300 }, iso(2_000));
    expect(entered).toMatchObject({
      status: "pending",
      next_attempt_at: iso(302_000),
      reason: "The destination responded with status 503.",
    });
  });

  it.each<CancelReason>(["destination_disabled", "destination_deleted", "content_erased", "superseded"])(
    "is cancelled as %s only while it is pending",
    (reason) => {
      expect(cancel(fresh, reason, iso(1))).toMatchObject({
        status: "cancelled",
        reason,
        next_attempt_at: null,
        updated_at: iso(1),
      });
      const delivered = enterAttempt(fresh, failedAttempt(iso(0)), { kind: "delivered" }, iso(0));
      const dead = enterAttempt(fresh, failedAttempt(iso(0)), { kind: "dead", reason: "attempts_exhausted" }, iso(0));
      expect(cancel(delivered, reason, iso(1))).toEqual(delivered);
      expect(cancel(dead, reason, iso(1))).toEqual(dead);
    },
  );

  it("that was cancelled while its attempt was in flight is delivered if that succeeded, and else stays cancelled", () => {
    const cancelled = cancel(fresh, "destination_disabled", iso(1));
    expect(enterAttempt(cancelled, failedAttempt(iso(0)), { kind: "delivered" }, iso(2)).status).toBe("delivered");
    const failed = enterAttempt(cancelled, failedAttempt(iso(0)), { kind: "retry", delay_seconds: 5 }, iso(2));
    expect(failed).toMatchObject({ status: "cancelled", reason: "destination_disabled", next_attempt_at: null });
  });

  it("of an event that is erased is not retried by hand any more, and shows no response of an attempt in flight", () => {
    const erased = cancel(fresh, "content_erased", iso(1));
    expect(retryNow(erased, iso(2))).toEqual(erased);
    expect(retryNow(cancel(fresh, "destination_disabled", iso(1)), iso(2)).status).toBe("pending");
    const attempt = failedAttempt(iso(0), { response_body: "you sent: a secret" });
    const entered = enterAttempt(retryNow(erased, iso(2)), attempt, { kind: "retry", delay_seconds: 5 }, iso(3));
    expect(entered).toMatchObject({ status: "cancelled", attempts: [{ response_body: null }] });
  });
});
