import { describe, expect, it } from "vitest";
import { type Effect, effectsOf, sumEffects } from "../../../src/delivery/attempts/effects.ts";
import { type AttemptOutcome, decideRetry } from "../../../src/delivery/attempts/retry-decision.ts";
import { destinationWith } from "../../support/configuration.ts";

const FIRST = destinationWith({ id: "dst_0000000000000000000000000001" });
const SECOND = destinationWith({ id: "dst_0000000000000000000000000002" });

function responded(status: number, retry_after_seconds: number | null = null): AttemptOutcome {
  return { kind: "responded", status, retry_after_seconds };
}

function effects(outcome: AttemptOutcome, destination = FIRST, isReported = true, schedule = [5]): Effect[] {
  return effectsOf(
    destination,
    outcome,
    decideRetry(outcome, 1, schedule, () => 0),
    isReported,
  );
}

describe("the effects of an attempt", () => {
  it("record a success or a failure, and nothing if the gateway refused to send", () => {
    expect(effects(responded(204))).toEqual([{ kind: "record_success", destination: FIRST }]);
    expect(effects({ kind: "timed_out" })).toMatchObject([
      { kind: "record_failure", destination: FIRST, throttled_ms: 0 },
    ]);
    expect(effects({ kind: "refused" })).toEqual([]);
  });

  it("keep the breaker open for as long as a throttled destination asks, within limits", () => {
    const throttledMs = (outcome: AttemptOutcome) =>
      effects(outcome).map((each) => (each.kind === "record_failure" ? each.throttled_ms : null));
    expect(throttledMs(responded(429, 20))).toEqual([20_000]);
    expect(throttledMs(responded(503, 86_400))).toEqual([300_000]);
    expect(throttledMs(responded(500, 20))).toEqual([0]);
  });

  it("disable a destination that is gone", () => {
    expect(effects(responded(410)).map((each) => each.kind)).toEqual(["record_failure", "disable", "report_dead"]);
  });

  it("report a delivery that dies, and nothing of an event of the gateway itself", () => {
    const kinds = (isReported: boolean, outcome = responded(500)) =>
      effects(outcome, FIRST, isReported, []).map((each) => each.kind);
    expect(kinds(true)).toEqual(["record_failure", "report_dead"]);
    expect(kinds(true, { kind: "refused" })).toEqual(["report_dead"]);
    expect(kinds(false)).toEqual(["record_failure"]);
    expect(effects(responded(500), FIRST, false)).toMatchObject([{ is_reported: false }]);
  });
});

describe("the effects of a batch", () => {
  it("are summed up by destination: failures count since the last success", () => {
    const batch = [
      effects(responded(500)),
      effects(responded(500), SECOND),
      effects(responded(200)),
      effects(responded(429, 20)),
      effects(responded(503)),
    ].flat();
    expect(sumEffects(batch)).toEqual([
      {
        destination: FIRST,
        succeeded: true,
        failures: 2,
        throttled_ms: 20_000,
        failure: "The destination responded with status 503.",
        disable: null,
        dead: null,
      },
      {
        destination: SECOND,
        succeeded: false,
        failures: 1,
        throttled_ms: 0,
        failure: "The destination responded with status 500.",
        disable: null,
        dead: null,
      },
    ]);
  });

  it("disable a destination once, however many attempts found it gone", () => {
    expect(sumEffects([...effects(responded(410)), ...effects(responded(410))])).toMatchObject([
      { failures: 2, disable: "gone", dead: { count: 2, reason: "gone" } },
    ]);
  });
});
