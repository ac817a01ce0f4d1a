import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createRateLimiter } from "../../../src/ingest/auth/rate-limit.ts";

const steps = fc.array(fc.nat({ max: 5_000 }), { minLength: 1, maxLength: 200 });
const limits = fc.record({
  requests: fc.integer({ min: 1, max: 10 }),
  period_seconds: fc.integer({ min: 1, max: 20 }),
});

describe("a rate limiter", () => {
  it("accepts at most the limit in any period", () => {
    fc.assert(
      fc.property(limits, steps, (limit, gaps) => {
        const limiter = createRateLimiter();
        const taken: number[] = [];
        let now = 1_790_000_000_123;
        for (const gap of gaps) {
          now += gap;
          if (limiter.charge("int_1", limit, now) === null) taken.push(now);
        }
        for (const [index, at] of taken.entries()) {
          const earlier = taken[index - limit.requests];
          if (earlier !== undefined) expect(at - earlier).toBeGreaterThanOrEqual(limit.period_seconds * 1_000);
        }
      }),
    );
  });

  it("accepts again when it said so, at the latest after a whole period", () => {
    fc.assert(
      fc.property(limits, steps, (limit, gaps) => {
        const limiter = createRateLimiter();
        let now = 1_790_000_000_123;
        for (const gap of gaps) {
          now += gap;
          const seconds = limiter.charge("int_1", limit, now);
          if (seconds === null) continue;
          expect(seconds).toBeGreaterThanOrEqual(1);
          expect(seconds).toBeLessThanOrEqual(limit.period_seconds);
          now += seconds * 1_000;
          expect(limiter.charge("int_1", limit, now)).toBeNull();
        }
      }),
    );
  });

  it("counts each integration, and starts again with another period", () => {
    const limiter = createRateLimiter();
    const limit = { requests: 1, period_seconds: 60 };
    expect(limiter.charge("int_1", limit, 0)).toBeNull();
    expect(limiter.charge("int_1", limit, 1)).toBe(60);
    expect(limiter.charge("int_2", limit, 1)).toBeNull();
    expect(limiter.charge("int_1", { requests: 1, period_seconds: 30 }, 2)).toBeNull();
  });

  it("forgets the integration that was idle for longest if there are too many", () => {
    const limiter = createRateLimiter();
    const limit = { requests: 1, period_seconds: 60 };
    for (let i = 0; i <= 5_000; i++) limiter.charge(`int_${i}`, limit, 0);
    expect(limiter.charge("int_5000", limit, 1)).not.toBeNull();
    expect(limiter.charge("int_0", limit, 1)).toBeNull();
  });
});
