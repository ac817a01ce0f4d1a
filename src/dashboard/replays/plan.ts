import { type ReplayCreation, unwrap } from "../../client/index.ts";
import { client } from "../api/client.ts";
import { collectIds } from "./collect.ts";
import type { ReplayScope } from "./scope.ts";

export type BulkRequest = Pick<ReplayCreation, "filter" | "delivery_ids">;

/** What a replay would do, counted before it is confirmed. */
export type ReplayPlan = {
  readonly count: number;
  /** False if the count stopped at a bound and the replay would not. */
  readonly isExact: boolean;
  /** False if the list has more than a replay can name. */
  readonly isWhole: boolean;
  readonly run:
    | { readonly kind: "bulk"; readonly request: BulkRequest }
    | { readonly kind: "each"; readonly ids: readonly string[] };
};

type PlanOptions = { readonly signal: AbortSignal; readonly onFound: (count: number) => void };

async function planBulk(request: BulkRequest, isWhole: boolean, signal: AbortSignal): Promise<ReplayPlan> {
  const { count, count_is_exact } = unwrap(await client.replays.create({ ...request, dry_run: true }, { signal }));
  return { count, isExact: count_is_exact, isWhole, run: { kind: "bulk", request } };
}

/** Counts what a replay would repeat. Replays nothing. */
export async function planReplay(scope: ReplayScope, options: PlanOptions): Promise<ReplayPlan> {
  switch (scope.by) {
    case "filter":
      return await planBulk({ filter: scope.filter }, true, options.signal);
    case "deliveries": {
      // The gateway repeats only the last delivery of an event to a destination.
      const isWanted = ({ status, replayed_by }: { status: string; replayed_by: string | null }): boolean =>
        status !== "pending" && replayed_by === null;
      const { ids, isWhole } = await collectIds({ readPage: scope.readPage, isWanted, ...options });
      if (ids.length === 0) return { count: 0, isExact: true, isWhole, run: { kind: "each", ids } };
      return await planBulk({ delivery_ids: ids }, isWhole, options.signal);
    }
    case "events": {
      // An event without a type has no outcome to deliver.
      const isWanted = ({ type }: { type: string | null }): boolean => type !== null;
      const { ids, isWhole } = await collectIds({ readPage: scope.readPage, isWanted, ...options });
      return { count: ids.length, isExact: true, isWhole, run: { kind: "each", ids } };
    }
  }
}
