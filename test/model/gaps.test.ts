import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { ArrivedNumbers } from "../../src/model/acceptance.ts";
import {
  type GapState,
  MAX_HOLES,
  MAX_ISOLATES,
  NO_GAPS,
  addNumbers,
  forgetIsolates,
  reportHoles,
  reportedGaps,
} from "../../src/model/gaps.ts";
import { createIdMinter } from "../../src/model/ids.ts";

const NOW = Date.parse("2026-11-28T12:00:00Z");
const HOUR = 3_600_000;
const DAY = 24 * HOUR;

function isolateAt(ms: number): string {
  return createIdMinter(
    () => ms,
    (length) => crypto.getRandomValues(new Uint8Array(length)),
  )("iso").id;
}

const ISOLATE = isolateAt(NOW);

function arrive(numbers: readonly number[], sure: number, changes: Partial<ArrivedNumbers> = {}): ArrivedNumbers {
  return { isolate: ISOLATE, numbers, sure, refused: [], at_ms: NOW, ...changes };
}

/** Returns the missing numbers of all isolates that are reported an hour after they were noticed. */
function reported(state: GapState, nowMs = NOW + HOUR): number {
  return reportedGaps(reportHoles(state, nowMs)).reduce((sum, { count }) => sum + count, 0);
}

describe("a number that did not arrive", () => {
  it("is reported after an hour, with the times of the messages around it", () => {
    const first = addNumbers(NO_GAPS, [arrive([1, 2], 1)], NOW);
    const state = addNumbers(first, [arrive([4], 3, { at_ms: NOW + 5_000 })], NOW + 60_000);
    expect(reported(state, NOW + 60_000 + HOUR - 1)).toBe(0);
    expect(reportedGaps(reportHoles(state, NOW + 60_000 + HOUR))).toEqual([
      { isolate: ISOLATE, from: "2026-11-28T12:00:00.000Z", to: "2026-11-28T12:00:05.000Z", count: 1 },
    ]);
  });

  it("is withdrawn when it arrives", () => {
    const state = reportHoles(addNumbers(NO_GAPS, [arrive([3], 2)], NOW), NOW + HOUR);
    expect(reported(state)).toBe(2);
    expect(reported(addNumbers(state, [arrive([2], 1)], NOW + HOUR))).toBe(1);
    expect(reported(addNumbers(state, [arrive([2], 1), arrive([1], 0)], NOW + HOUR))).toBe(0);
  });

  it("is not missing above the number through which the isolate is sure", () => {
    const state = addNumbers(NO_GAPS, [arrive([7], 0)], NOW);
    expect(reported(state)).toBe(0);
    expect(reported(addNumbers(state, [arrive([8], 3)], NOW))).toBe(3);
  });

  it("is not missing if it was refused", () => {
    expect(reported(addNumbers(NO_GAPS, [arrive([5], 4, { refused: [[2, 3]] })], NOW))).toBe(2);
  });

  it("shows by what an idle isolate leaves", () => {
    const state = addNumbers(NO_GAPS, [arrive([1], 0)], NOW);
    expect(reported(addNumbers(state, [arrive([], 3)], NOW))).toBe(2);
  });
});

it("what is reported depends only on the numbers that arrived, in any order and any division into runs", () => {
  const run = fc.array(fc.integer({ min: 1, max: 30 }), { maxLength: 30 });
  fc.assert(
    fc.property(run, fc.array(fc.nat(100), { minLength: 60, maxLength: 60 }), (lost, order) => {
      const all = Array.from({ length: 30 }, (_, index) => index + 1);
      const messages = all.filter((number) => !lost.includes(number)).map((number) => arrive([number], number - 1));
      const shuffled = [...messages, ...messages]
        .map((message, index) => ({ message, rank: order[index] ?? 0 }))
        .toSorted((a, b) => a.rank - b.rank);
      let state = NO_GAPS;
      for (const rank of new Set(shuffled.map((each) => each.rank))) {
        const part = shuffled.filter((each) => each.rank === rank).map(({ message }) => message);
        state = addNumbers(state, part, NOW);
      }
      const highest = Math.max(0, ...messages.map(({ sure }) => sure));
      expect(reported(state)).toBe(all.filter((number) => number <= highest && lost.includes(number)).length);
    }),
  );
});

describe("bounds", () => {
  it("an isolate without a message for a day is forgotten, and nothing is concluded from it later", () => {
    const state = addNumbers(NO_GAPS, [arrive([1], 0)], NOW);
    const later = forgetIsolates(state, NOW + DAY + 1, 30 * DAY);
    expect(later.isolates).toEqual({});
    expect(reported(addNumbers(later, [arrive([9], 8)], NOW + DAY), NOW + 2 * DAY)).toBe(0);
  });

  it("a gap of an isolate that is still busy is forgotten after the retention, too", () => {
    const state = addNumbers(NO_GAPS, [arrive([2], 1)], NOW);
    const busy = addNumbers(state, [arrive([3], 2, { at_ms: NOW + 31 * DAY })], NOW + 31 * DAY);
    expect(reported(forgetIsolates(busy, NOW + 31 * DAY, 30 * DAY), NOW + 32 * DAY)).toBe(0);
    expect(reported(forgetIsolates(busy, NOW + 29 * DAY, 30 * DAY), NOW + 32 * DAY)).toBe(1);
  });

  it("one with missing numbers is kept for the retention", () => {
    const state = addNumbers(NO_GAPS, [arrive([2], 1)], NOW);
    expect(forgetIsolates(state, NOW + 29 * DAY, 30 * DAY)).toBe(state);
    expect(forgetIsolates(state, NOW + 31 * DAY, 30 * DAY).isolates).toEqual({});
  });

  it("the number of isolates and of holes is limited", () => {
    const many = Array.from({ length: MAX_ISOLATES + 10 }, (_, n) => arrive([1], 0, { isolate: isolateAt(NOW + n) }));
    const isolates = forgetIsolates(addNumbers(NO_GAPS, many, NOW), NOW, DAY);
    expect(Object.keys(isolates.isolates)).toHaveLength(MAX_ISOLATES);
    const even = Array.from({ length: 200 }, (_, n) => 2 * n + 2);
    expect(reported(addNumbers(NO_GAPS, [arrive(even, 400)], NOW))).toBe(MAX_HOLES);
  });
});
