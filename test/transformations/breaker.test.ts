import { describe, expect, it } from "vitest";
import { createTransformationBreaker } from "../../src/transformations/breaker.ts";
import type { TransformationRun } from "../../src/transformations/run.ts";

const GOOD: TransformationRun = { ok: true, value: null, logs: [], cpu_ms: 1 };

function failing(code: "cpu_limit" | "exception"): TransformationRun {
  return { ok: false, fault: { code, message: "It took too long.", line: null }, logs: [] };
}

describe("a transformation that runs into limits", () => {
  it("rests after three in a row, and is tried once after ten seconds", () => {
    let now = 0;
    const breaker = createTransformationBreaker(() => now);
    for (let i = 0; i < 3; i++) {
      expect(breaker.refusal("a")).toBeNull();
      breaker.note("a", failing("cpu_limit"));
    }
    expect(breaker.refusal("a")).toEqual({
      code: "cpu_limit",
      message: "It took too long. It was stopped 3 times in a row, so it was not run.",
      line: null,
    });
    expect(breaker.refusal("b")).toBeNull();
    expect(breaker.standing("a")).toBe("stopped");
    expect(breaker.standing("b")).toBe("unknown");
    now = 10_000;
    expect(breaker.refusal("a")).toBeNull();
    breaker.note("a", failing("cpu_limit"));
    expect(breaker.refusal("a")).not.toBeNull();
    now = 20_000;
    breaker.note("a", GOOD);
    expect(breaker.refusal("a")).toBeNull();
    expect(breaker.standing("a")).toBe("proven");
  });

  it("does not rest for faults that take no time", () => {
    const breaker = createTransformationBreaker(() => 0);
    for (let i = 0; i < 10; i++) breaker.note("a", failing("exception"));
    expect(breaker.refusal("a")).toBeNull();
    for (let i = 0; i < 10; i++) breaker.note("a", failing(i % 3 === 2 ? "exception" : "cpu_limit"));
    expect(breaker.refusal("a")).toBeNull();
  });
});
