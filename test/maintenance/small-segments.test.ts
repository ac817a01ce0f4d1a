import { expect, it } from "vitest";
import { claimSmallSegment } from "../../src/maintenance/small-segments.ts";
import { createWorld } from "../support/world.ts";

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const DAY = 1_440 * MINUTE;

/**
 * Asks for a span whether so many events may move: each ten seconds for ten minutes, and then each minute. Returns the times after the start at
 * which they may, in ms.
 */
async function granted(from: number, span: number, hotHours: number, events: number): Promise<number[]> {
  const { db } = createWorld().context.shard;
  const times: number[] = [];
  for (let at = 0; at < span; at += at < 10 * MINUTE ? 10 * SECOND : MINUTE) {
    if (await claimSmallSegment(db, from + at, hotHours, events)) times.push(at);
  }
  return times;
}

it("with HOT_HOURS=0, writes small segments at once, but not many of them a day", async () => {
  const start = Date.now();
  const times = await granted(start, DAY, 0, 3);
  expect(times.slice(0, 20)).toEqual(Array.from({ length: 20 }, (_, place) => place * 10 * SECOND));
  expect(times.length).toBeLessThan(55);
  expect(Math.max(...times.slice(1).map((at, place) => at - (times[place] ?? 0)))).toBe(60 * MINUTE);
  const nextDay = await granted(start + DAY + 60 * MINUTE, 10 * MINUTE, 0, 3);
  expect(nextDay.length).toBeGreaterThanOrEqual(20);
});

it("does not count segments that are not small", async () => {
  expect(await granted(Date.now(), 10 * MINUTE, 0, 200)).toHaveLength(60);
});

it("waits for an eighth of HOT_HOURS, and an hour at least", async () => {
  expect(await granted(Date.now(), 180 * MINUTE, 1, 3)).toEqual([0, 60 * MINUTE, 120 * MINUTE]);
  expect(await granted(Date.now() + 2 * DAY, 800 * MINUTE, 48, 3)).toEqual([0, 360 * MINUTE, 720 * MINUTE]);
});
