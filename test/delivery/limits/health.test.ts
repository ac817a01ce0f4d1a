import { expect, it } from "vitest";
import { createHealth } from "../../../src/delivery/limits/health.ts";

function createClock() {
  let ms = 1_000_000;
  return { now: () => ms, pass: (by: number) => void (ms += by) };
}

it("an unknown destination is healthy", () => {
  expect(createHealth(() => 0).isHealthy("dst_1")).toBe(true);
});

it("a destination is marked by a failure or a slow response, for half a minute, and no other with it", () => {
  for (const [succeeded, duration] of [
    [false, 10],
    [true, 2_000],
  ] as const) {
    const clock = createClock();
    const health = createHealth(clock.now);
    health.mark("dst_1", succeeded, duration);
    expect(health.isHealthy("dst_1")).toBe(false);
    expect(health.isHealthy("dst_2")).toBe(true);
    clock.pass(29_999);
    expect(health.isHealthy("dst_1")).toBe(false);
    clock.pass(1);
    expect(health.isHealthy("dst_1")).toBe(true);
  }
});

it("a quick success removes the mark", () => {
  const health = createHealth(() => 0);
  health.mark("dst_1", false, 10);
  health.mark("dst_1", true, 1_999);
  expect(health.isHealthy("dst_1")).toBe(true);
});

it("the mark of a destination that keeps failing stays, and the oldest mark is dropped if there are too many", () => {
  const clock = createClock();
  const health = createHealth(clock.now);
  health.mark("dst_first", false, 10);
  for (let i = 0; i < 1_999; i++) health.mark(`dst_${i}`, false, 10);
  health.mark("dst_first", false, 10);
  health.mark("dst_last", false, 10);
  expect(health.isHealthy("dst_first")).toBe(false);
  expect(health.isHealthy("dst_last")).toBe(false);
  expect(health.isHealthy("dst_0")).toBe(true);
});
