import type { Context } from "../context.ts";

/** A task of maintenance. Every task may run twice, and may end on any line. */
export type MaintenanceTask = {
  /** The name in log lines. */
  readonly name: string;
  /** `shard`: runs for each shard, which is `context.shard`. `gateway`: runs once, with shard 0. */
  readonly per: "shard" | "gateway";
  /** Returns the number of rows or messages that it handled. Throws if a store or a queue fails; the next run repeats it. */
  readonly run: (context: Context) => Promise<number>;
};
