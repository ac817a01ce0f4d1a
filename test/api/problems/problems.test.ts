import { beforeEach, describe, expect, it } from "vitest";
import { forgetContext } from "../../../src/context.ts";
import { problem } from "../../../src/api/schema.ts";
import { PROBLEM_STATUSES, type ProblemCode } from "../../../src/net/problem-codes.ts";
import { PROBLEM_TEXTS } from "../../../src/net/problem-texts.ts";
import { OF_API } from "./of-api.ts";
import { OF_INGEST } from "./of-ingest.ts";
import type { Provocation } from "./provoke.ts";

/** Every code, with a request that causes it. A new code without one does not compile. */
const PROVOCATIONS = { ...OF_API, ...OF_INGEST } as const satisfies Record<ProblemCode, Provocation>;

beforeEach(forgetContext);

describe("each problem is returned by the gateway itself, with its code, its status and its texts:", () => {
  it.each(Object.entries(PROVOCATIONS))("%s", async (expected, provoke) => {
    const response = await provoke();
    expect(response.headers.get("content-type")).toBe("application/problem+json");
    const { code, status, title, detail } = problem.parse(await response.json());
    expect([code, status, response.status]).toEqual([expected, response.status, statusOf(expected)]);
    expect(title).toBe(titleOf(expected));
    expect(detail).not.toBe(title);
    expect(detail.length).toBeGreaterThan(10);
    if ([429, 503].includes(status)) expect(response.headers.get("retry-after")).toMatch(/^[1-9]\d*$/);
    if (status === 401) expect(response.headers.has("www-authenticate") || code === "bad_signature").toBe(true);
    if (status === 405) expect(response.headers.get("allow")).toMatch(/^[A-Z, ]+$/);
  });
});

function statusOf(code: string): number | undefined {
  return new Map<string, number>(Object.entries(PROBLEM_STATUSES)).get(code);
}

function titleOf(code: string): string | undefined {
  return new Map(Object.entries(PROBLEM_TEXTS)).get(code)?.title;
}

it("codes are sorted by status and name, and each has a title of its own", () => {
  const rows = Object.entries(PROBLEM_STATUSES);
  expect(rows).toEqual(rows.toSorted(([a, one], [b, other]) => one - other || (a < b ? -1 : 1)));
  const titles = Object.values(PROBLEM_TEXTS).map(({ title }) => title);
  expect(new Set(titles).size).toBe(titles.length);
});
