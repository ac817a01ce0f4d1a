import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Budget, BudgetExceeded } from "../../src/model/budget.ts";

const units = fc.array(fc.nat(20), { maxLength: 20 });

describe("a budget", () => {
  it("takes what fits, and throws its limit's name at the first unit too many", () => {
    const budget = new Budget("filter work", 10);
    budget.spend(4);
    budget.spend(6);
    expect(budget.remaining).toBe(0);
    expect(budget.isExceeded).toBe(false);
    budget.spend(0);
    expect(() => budget.spend(1)).toThrow(new BudgetExceeded("filter work"));
    expect(budget.isExceeded).toBe(true);
  });

  it("charges work that is already done without throwing", () => {
    const budget = new Budget("characters", 10);
    expect(budget.charge(10)).toBe(true);
    expect(budget.charge(1)).toBe(false);
    expect(budget.isExceeded).toBe(true);
    expect(budget.remaining).toBe(0);
  });

  it("is exceeded exactly if the sum of what was charged is above it", () => {
    fc.assert(
      fc.property(fc.nat(100), units, (limit, list) => {
        const budget = new Budget("units", limit);
        for (const each of list) budget.charge(each);
        const sum = list.reduce((total, each) => total + each, 0);
        expect(budget.isExceeded).toBe(sum > limit);
        expect(budget.remaining).toBe(Math.max(0, limit - sum));
      }),
    );
  });
});

describe("a part of a budget", () => {
  it("takes its units from the whole too, and never more than its share", () => {
    const whole = new Budget("all filters", 100);
    const part = whole.part("one filter", 30);
    part.spend(10);
    expect([part.remaining, whole.remaining]).toEqual([20, 90]);
    expect(() => part.spend(50)).toThrow("one filter");
    expect([part.remaining, whole.remaining]).toEqual([0, 70]);
    expect(whole.isExceeded).toBe(false);
  });

  it("has no more than is left of the whole", () => {
    const whole = new Budget("all filters", 20);
    const part = whole.part("one filter", 30);
    expect(part.remaining).toBe(20);
    whole.spend(15);
    expect(part.remaining).toBe(5);
    expect(() => part.spend(6)).toThrow("one filter");
    expect(whole.isExceeded).toBe(true);
  });
});
