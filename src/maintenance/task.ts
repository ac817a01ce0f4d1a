import type { Context } from "../context.ts";

/** A task of maintenance. Every task may run twice, and may end on any line. */
export type MaintenanceTask = {
  /** The name in log lines. */
  readonly name: string;
  /** `shard`: runs for each shard, which is `context.shard`. `gateway`: runs once, with shard 0. */
  readonly per: "shard" | "gateway";
  /**
   * The D1 queries, sends and other calls that one run may make, in all shards together. An invocation may make a thousand
   * queries, so the shares of all tasks together stay below that, and no backlog of one task stops another.
   */
  readonly max_calls: number;
  /**
   * Returns the number of rows or messages that it handled. It makes at most about `maxCalls` calls and leaves the rest to
   * the next run. Throws if a store or a queue fails; the next run repeats it.
   */
  readonly run: (context: Context, maxCalls: number) => Promise<number>;
};
