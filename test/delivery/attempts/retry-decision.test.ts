import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type AttemptOutcome, decideRetry, parseRetryAfter } from "../../../src/delivery/attempts/retry-decision.ts";

const SCHEDULE = [5, 300, 1800];
const DAY = 86_400;
const NOW = Date.parse("2026-11-20T10:00:00.000Z");
const never = () => 0;

function responded(status: number, retry_after_seconds: number | null = null): AttemptOutcome {
  return { kind: "responded", status, retry_after_seconds };
}

describe("a decision", () => {
  it.each([200, 201, 202, 204, 206, 226, 299])("is delivered after %i, on every attempt", (status) => {
    for (const attempt of [1, 2, 4, 9]) {
      expect(decideRetry(responded(status), attempt, SCHEDULE, never)).toEqual({ kind: "delivered" });
    }
  });

  it("is delivered if a destination without statuses has taken it, on every attempt", () => {
    for (const attempt of [1, 2, 4, 9]) {
      expect(decideRetry({ kind: "stored" }, attempt, SCHEDULE, never)).toEqual({ kind: "delivered" });
    }
  });

  it("is that the destination is gone after 410, on every attempt, whatever it asks for", () => {
    for (const attempt of [1, 2, 4, 9]) {
      expect(decideRetry(responded(410, 60), attempt, SCHEDULE, never)).toEqual({ kind: "dead", reason: "gone" });
    }
  });

  const unsuccessful: readonly AttemptOutcome[] = [
    ...[199, 300, 301, 302, 303, 304, 307, 308, 400, 401, 403, 404, 408, 409, 411, 413, 422, 425, 429, 451].map(
      (status) => responded(status),
    ),
    ...[500, 501, 502, 503, 504, 520, 522, 526, 530, 599].map((status) => responded(status)),
    { kind: "timed_out" },
    { kind: "failed" },
    { kind: "refused" },
  ];

  it.each(unsuccessful)("is a retry by the schedule, then dead, after %j", (outcome) => {
    const decisions = [1, 2, 3, 4, 5].map((attempt) => decideRetry(outcome, attempt, SCHEDULE, never));
    expect(decisions).toEqual([
      { kind: "retry", delay_seconds: 5 },
      { kind: "retry", delay_seconds: 300 },
      { kind: "retry", delay_seconds: 1800 },
      { kind: "dead", reason: "attempts_exhausted" },
      { kind: "dead", reason: "attempts_exhausted" },
    ]);
  });

  it("is a wait that counts as no attempt while another one renews the access token, on every attempt", () => {
    for (const attempt of [1, 2, 4, 9]) {
      expect(decideRetry({ kind: "waiting" }, attempt, SCHEDULE, never)).toEqual({ kind: "wait", delay_seconds: 5 });
    }
  });

  it("is dead after the one attempt that an empty schedule allows", () => {
    expect(decideRetry(responded(500), 1, [], never)).toEqual({ kind: "dead", reason: "attempts_exhausted" });
  });

  it("is dead after the last attempt even if the destination asks for more time", () => {
    expect(decideRetry(responded(503, 60), 4, SCHEDULE, never)).toEqual({ kind: "dead", reason: "attempts_exhausted" });
  });

  it("lengthens a wait by jitter and Retry-After only, to at most a day", () => {
    const planned = fc.integer({ min: 1, max: DAY });
    const asked = fc.option(fc.integer({ min: 0, max: DAY }));
    const randoms = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
    fc.assert(
      fc.property(planned, asked, randoms, fc.constantFrom(429, 503, 404, 302), (base, retryAfter, random, status) => {
        const decision = decideRetry(responded(status, retryAfter), 1, [base], () => random);
        if (decision.kind !== "retry") throw new Error("not tried again");
        const floor = Math.max(base, retryAfter ?? 0);
        expect(decision.delay_seconds).toBeGreaterThanOrEqual(Math.min(floor, DAY));
        expect(decision.delay_seconds).toBeLessThanOrEqual(Math.min(DAY, floor * 1.2));
      }),
    );
  });

  it("varies randomly, so that the retries of one outage do not come all at once", () => {
    const delays = [0, 0.25, 0.5, 0.99].map((random) => decideRetry({ kind: "failed" }, 2, SCHEDULE, () => random));
    expect(new Set(delays.map((each) => JSON.stringify(each))).size).toBe(4);
  });
});

describe("Retry-After", () => {
  it.each([
    ["0", 0],
    ["120", 120],
    ["  120  ", 120],
    ["0007", 7],
    ["86400", DAY],
    ["86401", DAY],
    ["999999999", DAY],
    ["9999999999", DAY],
    ["9".repeat(30), DAY],
  ])("of %j is a number of seconds, at most a day", (header, seconds) => {
    expect(parseRetryAfter(header, NOW)).toBe(seconds);
  });

  it.each([
    ["Fri, 20 Nov 2026 10:02:00 GMT", 120],
    ["Friday, 20-Nov-26 10:02:00 GMT", 120],
    ["Fri Nov 20 10:02:00 2026", 120],
    ["Fri, 20 Nov 2026 10:00:00 GMT", 0],
    ["Thu, 19 Nov 2026 10:00:00 GMT", 0],
    ["Sun, 06 Nov 1994 08:49:37 GMT", 0],
    ["Sat, 21 Nov 2026 10:00:00 GMT", DAY],
    ["Fri, 31 Dec 9999 23:59:59 GMT", DAY],
  ])("of %j is the time until then, at most a day", (header, seconds) => {
    expect(parseRetryAfter(header, NOW)).toBe(seconds);
  });

  it("that is less than a second away counts as a second", () => {
    expect(parseRetryAfter("Fri, 20 Nov 2026 10:00:01 GMT", NOW + 1)).toBe(1);
  });

  it.each([
    null,
    "",
    " ",
    "-1",
    "-120",
    "+5",
    "1.5",
    "1e3",
    "0x10",
    "120s",
    "120, 60",
    "soon",
    "in 5 minutes",
    "NaN",
    "Infinity",
    "١٢",
    "wait 40",
    "retry 2099",
    "tomorrow 2030",
    "try again in 2045",
    "20 November 2026 10:02:00 GMT",
    "2026 Nov 20 10:02:00 GMT",
  ])("of %j says nothing", (header) => {
    expect(parseRetryAfter(header, NOW)).toBeNull();
  });

  it("is never negative, more than a day or invalid, whatever a destination writes", () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.integer().map(String),
          fc.date({ noInvalidDate: true }).map((date) => date.toUTCString()),
        ),
        (header) => {
          const seconds = parseRetryAfter(header, NOW);
          if (seconds === null) return;
          expect(Number.isInteger(seconds)).toBe(true);
          expect(seconds).toBeGreaterThanOrEqual(0);
          expect(seconds).toBeLessThanOrEqual(DAY);
        },
      ),
    );
  });
});
