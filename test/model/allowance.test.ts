import { describe, expect, it, vi } from "vitest";
import { Allowance } from "../../src/model/allowance.ts";
import { UNITS_PER_MS } from "../../src/model/budget.ts";

function create() {
  const wait = vi.fn(() => Promise.resolve());
  const clock = { ms: 0 };
  return { allowance: new Allowance(() => clock.ms, wait), wait, clock };
}

const WHOLE = 500 * UNITS_PER_MS;

describe("an allowance", () => {
  it("is used up after half a second's work, and counts what its budgets spend", () => {
    const { allowance } = create();
    const budget = allowance.part("one filter", 2 * WHOLE);
    budget.spend(WHOLE - 1);
    expect(allowance.isUsedUp).toBe(false);
    budget.spend(1);
    expect(allowance.isUsedUp).toBe(true);
    expect(allowance.spent).toBe(WHOLE);
  });

  it("does not cut work short that has begun, so that its result does not depend on its neighbours", () => {
    const { allowance } = create();
    allowance.charge(WHOLE - 1);
    const budget = allowance.part("one filter", 1_000);
    budget.spend(1_000);
    expect(budget.isExceeded).toBe(false);
    expect(allowance.spent).toBe(WHOLE + 999);
  });

  it("is used up by time, too, where the clock moves during the work; waiting for others does not count", async () => {
    const { allowance, clock } = create();
    clock.ms += 60_000;
    expect(allowance.isUsedUp).toBe(false);
    const result = allowance.run(async () => {
      clock.ms += 1_999;
      await Promise.resolve();
      clock.ms += 60_000;
      return "done";
    });
    expect(await result).toBe("done");
    expect(allowance.isUsedUp).toBe(false);
    allowance.run(() => void (clock.ms += 1));
    expect(allowance.isUsedUp).toBe(true);
  });

  it("lets only one of several workers begin at a time, each after a pause, and none once it is used up", async () => {
    const { allowance, wait } = create();
    const log: string[] = [];
    wait.mockImplementation(() => {
      log.push("pause");
      return Promise.resolve();
    });
    const workers = Array.from({ length: 4 }, (_, index) =>
      allowance.runInTurn(() => {
        log.push(`work ${index}`);
        allowance.charge(WHOLE / 2);
        return Promise.resolve(index);
      }),
    );
    expect(await Promise.all(workers)).toEqual([0, 1, null, null]);
    expect(log).toEqual(["work 0", "pause", "work 1", "pause"]);
  });

  it("lets others run between pieces of work, and only after much of it", async () => {
    const { allowance, wait } = create();
    await allowance.pause();
    expect(wait).toHaveBeenCalledTimes(0);
    for (let piece = 0; piece < 10; piece++) {
      allowance.part("one template", WHOLE).spend(WHOLE / 10);
      await allowance.pause();
    }
    expect(wait).toHaveBeenCalledTimes(10);
    await allowance.pause();
    expect(wait).toHaveBeenCalledTimes(10);
  });
});
