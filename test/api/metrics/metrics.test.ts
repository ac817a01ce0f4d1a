import { beforeEach, describe, expect, it } from "vitest";
import { unwrap } from "../../../src/client/index.ts";
import type { MetricsGetQuery } from "../../../src/client/index.ts";
import type { Measure } from "../../../src/api/metrics/collect.ts";
import type { SeriesCounts } from "../../../src/model/series.ts";
import { client, createDestination, createIntegration, faultsOf, statusOf, unchecked } from "../../support/api.ts";
import { measureInvocation } from "../../support/strict-platform/invocation.ts";
import { PAID } from "../../support/strict-platform/limits.ts";
import { tables } from "../../support/tables.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const now = Date.now();

let integration = "";
let destination = "";

beforeEach(async () => {
  integration = (await createIntegration({ name: "Night watch" })).id;
  destination = (await createDestination({ name: "Pager" })).id;
});

async function insert(step: "minute" | "hour" | "day", agoMs: number, counts: SeriesCounts): Promise<void> {
  const size = { minute: MINUTE, hour: HOUR, day: DAY }[step];
  await tables.series.insert({ step, at: Math.floor((now - agoMs) / size), counts });
}

async function read(query: MetricsGetQuery) {
  const { series, ...rest } = unwrap(await client.metrics.get(query));
  const shown = series.map(({ group, points }) => ({
    group,
    values: points.map((point) => (Array.isArray(point) ? point[1] : undefined)),
    times: points.map((point) => (Array.isArray(point) ? point[0] : undefined)),
  }));
  return { ...rest, series: shown };
}

function total(values: readonly unknown[]): number {
  return values.reduce<number>((sum, value) => sum + Number(value), 0);
}

describe("GET /metrics", () => {
  it("adds up minutes, hours and days by the step that is asked for, with a point for each", async () => {
    await insert("minute", 0, { [integration]: { a: 1 } });
    await insert("minute", 90 * MINUTE, { [integration]: { a: 2 } });
    await insert("hour", 3 * DAY, { [integration]: { a: 4 } });
    await insert("day", 40 * DAY, { [integration]: { a: 8 } });
    const sum = async (query: Omit<MetricsGetQuery, "measure">) =>
      (await read({ measure: "accepted", ...query })).series.map(({ values }) => total(values));
    expect(await sum({ step: "minute" })).toEqual([1]);
    expect(await sum({})).toEqual([3]);
    expect(await sum({ step: "day" })).toEqual([7]);
    expect(await sum({ step: "day", from: new Date(now - 50 * DAY).toISOString() })).toEqual([15]);
    const { series, from, to, step } = await read({ measure: "accepted", step: "minute" });
    expect(series[0]?.values).toHaveLength(60);
    expect([step, from, (Date.parse(to) - Date.parse(from)) / MINUTE]).toEqual(["minute", series[0]?.times[0], 60]);
  });

  it("groups by integration and by destination, with their names, the largest first", async () => {
    const counts = { f: { delivered: 3, dead: 1 }, t: { "2xx": 3, "5xx": 2 } };
    await insert("minute", 0, {
      [integration]: { a: 4, ...counts },
      [destination]: { a: 4, ...counts },
      dst_gone: { a: 9, f: { delivered: 9 }, t: { "2xx": 9 } },
    });
    const of = async (measure: Measure, group_by: NonNullable<MetricsGetQuery["group_by"]>) =>
      (await read({ measure, group_by, step: "minute" })).series.map(({ group, values }) => [
        group?.name,
        total(values),
      ]);
    expect(await of("accepted", "integration")).toEqual([["Night watch", 4]]);
    expect(await of("delivered", "destination")).toEqual([
      [null, 9],
      ["Pager", 3],
    ]);
    expect(await of("failed", "destination")).toEqual([["Pager", 1]]);
    expect(await of("attempts", "integration")).toEqual([["Night watch", 5]]);
    expect(await of("attempts", "none")).toEqual([[undefined, 14]]);
  });

  it("tells latencies within a few percent, and null where there was no attempt", async () => {
    await insert("minute", MINUTE, { [destination]: { l: { "13": 50, "14": 45, "19": 5 } } });
    const p50 = (await read({ measure: "latency_p50", step: "minute" })).series[0]?.values ?? [];
    const p95 =
      (await read({ measure: "latency_p95", group_by: "destination", step: "minute" })).series[0]?.values ?? [];
    expect(p50.filter((value) => value !== null)).toEqual([200]);
    expect(p95.filter((value) => value !== null)).toEqual([300]);
    expect(p50.filter((value) => value === null)).toHaveLength(59);
  });

  it("has one series without a value if nothing happened, and none in groups", async () => {
    expect((await read({ measure: "attempts" })).series).toMatchObject([{ group: null, values: Array(24).fill(0) }]);
    expect((await read({ measure: "attempts", group_by: "destination" })).series).toEqual([]);
  });

  it("bounds the series, and adds up the others", async () => {
    const many = Object.fromEntries(
      Array.from({ length: 300 }, (_, index) => [`dst_${index}`, { t: { "2xx": index + 1 } }]),
    );
    await insert("minute", 0, { ...many, dst_: { t: { "2xx": 1_000 } } });
    const { series } = await read({ measure: "attempts", group_by: "destination", step: "minute" });
    expect(series).toHaveLength(100);
    expect(series[0]).toMatchObject({ group: { id: "dst_299" } });
    expect(series.at(-1)?.group).toEqual({ id: null, name: "other" });
    expect(series.reduce((sum, { values }) => sum + total(values), 0)).toBe((300 * 301) / 2 + 1_000);
    const from = new Date(now - 24 * HOUR).toISOString();
    const long = await read({ measure: "attempts", group_by: "destination", step: "minute", from });
    expect(long.series.length).toBeLessThanOrEqual(35);
  });

  it.each([
    [{}, "measure"],
    [{ measure: "speed" }, "measure"],
    [{ measure: "accepted", group_by: "route" }, "group_by"],
    [{ measure: "accepted", step: "second" }, "step"],
    [{ measure: "accepted", from: "yesterday" }, "from"],
    [{ measure: "accepted", to: "now" }, "to"],
    [{ measure: "accepted", step: "minute", from: "2026-01-01T00:00:00Z", to: "2026-01-01T01:00:00Z" }, "from"],
    [{ measure: "accepted", step: "minute", from: new Date(now - 2 * DAY).toISOString() }, "from"],
    [{ measure: "accepted", step: "hour", from: new Date(now - 40 * DAY).toISOString() }, "from"],
    [{ measure: "accepted", step: "day", from: "2000-01-01T00:00:00Z" }, "from"],
    [{ measure: "accepted", from: "2026-11-20T10:00:00Z", to: "2026-11-19T10:00:00Z" }, "from"],
  ])("refuses %j and names %s", async (query, path) => {
    const result = await client.metrics.get(unchecked(query));
    expect(statusOf(result)).toBe(400);
    expect(faultsOf(result)).toEqual([path]);
  });

  it("makes a bounded number of queries, however long the window", async () => {
    for (let minute = 0; minute < 1_440; minute++) await insert("minute", minute * MINUTE, { [integration]: { a: 1 } });
    const from = new Date(now - 24 * HOUR).toISOString();
    const { usage } = await measureInvocation(PAID, async () => {
      expect((await read({ measure: "accepted", step: "minute", from })).series).toHaveLength(1);
    });
    expect(usage.d1_queries).toBeLessThan(30);
  });
});
