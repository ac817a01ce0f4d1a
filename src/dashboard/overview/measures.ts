import { queryOptions } from "@tanstack/react-query";
import { type Metrics, unwrap } from "../../client/index.ts";
import { client } from "../api/client.ts";
import { REFRESH_MS } from "./refresh.ts";
import type { ChartRange } from "./search.ts";

/** The counts of one measure: the starts of the steps in seconds since 1970, and a count for each. */
export type Counts = { readonly times: readonly number[]; readonly values: readonly number[] };

export function countsOf({ series }: Pick<Metrics, "series">): Counts {
  const points = series[0]?.points ?? [];
  return {
    times: points.map(([at]) => Date.parse(String(at)) / 1_000),
    values: points.map(([, value]) => (typeof value === "number" ? value : 0)),
  };
}

export function totalOf({ values }: Counts): number {
  return values.reduce((sum, value) => sum + value, 0);
}

/** An integration with the number of its events. The id is null for all that are not named. */
export type Sender = { readonly id: string | null; readonly name: string; readonly count: number };

/** Returns the integrations that received events, the busiest first. */
export function sendersOf({ series }: Pick<Metrics, "series">): readonly Sender[] {
  return series
    .map(({ group, points }): Sender => {
      const id = group?.id ?? null;
      return { id, name: group?.name ?? id ?? "others", count: totalOf(countsOf({ series: [{ group, points }] })) };
    })
    .filter(({ count }) => count > 0)
    .toSorted((one, other) => other.count - one.count);
}

/** The events of a range by integration. */
export function sendersQuery({ value, minutes, step }: ChartRange) {
  return queryOptions({
    queryKey: ["metrics", value, "integration"],
    queryFn: async ({ signal }) => {
      const now = Date.now();
      const [to, from] = [new Date(now).toISOString(), new Date(now - minutes * 60_000).toISOString()];
      const query = { measure: "accepted", group_by: "integration", step, from, to } as const;
      return sendersOf(unwrap(await client.metrics.get(query, { signal })));
    },
    refetchInterval: REFRESH_MS,
  });
}

const MEASURES = ["accepted", "delivered", "failed"] as const;

/** The counts of a range: what was accepted, delivered and died in each step. */
export function measuresQuery({ value, minutes, step }: ChartRange) {
  return queryOptions({
    queryKey: ["metrics", value],
    queryFn: async ({ signal }) => {
      const now = Date.now();
      const [to, from] = [new Date(now).toISOString(), new Date(now - minutes * 60_000).toISOString()];
      const [accepted, delivered, failed] = await Promise.all(
        MEASURES.map(async (measure) =>
          countsOf(unwrap(await client.metrics.get({ measure, step, from, to }, { signal }))),
        ),
      );
      const none: Counts = { times: [], values: [] };
      return { accepted: accepted ?? none, delivered: delivered ?? none, failed: failed ?? none };
    },
    refetchInterval: REFRESH_MS,
  });
}
