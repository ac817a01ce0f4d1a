import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { problemResponse } from "../../src/net/problem.ts";
import { runs } from "../support/runs.ts";

const MAX_BYTES = 64_000;

async function sent(problem: Parameters<typeof problemResponse>[0]): Promise<{ bytes: number; errors: unknown[] }> {
  const bytes = await problemResponse(problem).bytes();
  const { errors } = JSON.parse(new TextDecoder().decode(bytes));
  return { bytes: bytes.byteLength, errors };
}

describe("a problem on the wire", () => {
  it("names the first 20 errors of any number", async () => {
    const errors = Array.from({ length: 500_000 }, (_, index) => ({
      path: `keys[${index}]`,
      message: "must be a text",
    }));
    const response = await sent({ code: "invalid_body", title: "No.", errors });
    expect(response.errors).toEqual(errors.slice(0, 20));
  });

  it("stays below 64 KB, whatever the texts are", async () => {
    const text = fc.oneof(
      fc.constantFrom("\u0000", "\ud800", "😀", '"', "a").map((unit) => unit.repeat(40_000)),
      fc.string({ unit: "binary", maxLength: 3_000 }),
    );
    const error = fc.record({ path: text, message: text });
    const problems = fc.record({ title: text, detail: text, errors: fc.array(error, { minLength: 1, maxLength: 40 }) });
    await fc.assert(
      fc.asyncProperty(problems, async (problem) => {
        const { bytes, errors } = await sent({ code: "invalid_body", ...problem });
        expect(bytes).toBeLessThanOrEqual(MAX_BYTES);
        expect(errors.length).toBeGreaterThan(0);
      }),
      { numRuns: runs(50) },
    );
  });
});
