import { describe, expect, it } from "vitest";
import { createChanges } from "../../../src/delivery/listeners/changes.ts";

const START = Date.parse("2026-11-20T10:00:00.000Z");

/** A notifier with a clock of its own, over an object that has `watchers` dashboards. */
function standUp(watchers: number | Error = 1) {
  const state = { now: START, until: START + 300_000, watchers };
  const calls: number[] = [];
  const changes = createChanges({
    call: async () => {
      calls.push(state.now - START);
      if (state.watchers instanceof Error) throw state.watchers;
      return await Promise.resolve(state.watchers);
    },
    watchedUntil: () => state.until,
    clock: () => state.now,
    wait: async (ms) => {
      await Promise.resolve();
      state.now += ms;
    },
  });
  return { state, calls, changes };
}

describe("a change", () => {
  it("makes no call while nobody looks, however many there are", async () => {
    const { state, calls, changes } = standUp();
    for (const until of [0, START]) {
      state.until = until;
      for (let index = 0; index < 1_000; index++) await changes.notify();
    }
    expect(calls).toEqual([]);
  });

  it("is notified at once, and those of the same second together at its end", async () => {
    const { calls, changes } = standUp();
    await Promise.all(Array.from({ length: 1_000 }, async () => await changes.notify()));
    await changes.notify();
    expect(calls).toEqual([0, 1_000, 2_000]);
  });

  it("makes no further call if nobody was there, until somebody looks again", async () => {
    const { state, calls, changes } = standUp(0);
    await changes.notify();
    state.now += 60_000;
    await changes.notify();
    expect(calls).toEqual([0]);
    state.until += 1;
    state.watchers = 1;
    await changes.notify();
    state.now += 60_000;
    await changes.notify();
    expect(calls).toEqual([0, 60_000, 120_000]);
  });

  it("that could not be notified does not fail, and the next one is notified", async () => {
    const { state, calls, changes } = standUp(new Error("The object was moved."));
    await changes.notify();
    state.now += 5_000;
    await changes.notify();
    expect(calls).toEqual([0, 5_000]);
  });
});
