import type { Context } from "../context.ts";
import { makeFirstAttempts } from "../delivery/attempts/first-attempts.ts";
import type { Delivery } from "../model/delivery.ts";
import type { EventRecord } from "../model/event.ts";
import type { Stage } from "./batch.ts";
import type { BuiltBatch } from "./build.ts";

/** The rows show the first attempts, except those that are still in flight. */
export type AttemptedBatch = Stage<
  "attempted",
  BuiltBatch,
  {
    /** Ids of deliveries. */
    readonly in_flight: ReadonlySet<string>;
    /** Waits for the attempts in flight and records them; to be called after the batch is committed. */
    readonly finish: () => Promise<void>;
  }
>;

function withAttempts<Row extends { readonly record: EventRecord }>(
  rows: readonly Row[],
  attempted: ReadonlyMap<string, Delivery>,
): readonly Row[] {
  return rows.map((row) => {
    const deliveries = row.record.deliveries.map((delivery) => attempted.get(delivery.id) ?? delivery);
    return { ...row, record: { ...row.record, deliveries } };
  });
}

/** Step 5: makes the first attempts of new deliveries, before anything is written, so that a delivery costs one row. */
export async function attempt(context: Context, batch: BuiltBatch): Promise<AttemptedBatch> {
  const { deliveries, under_way, finish } = await makeFirstAttempts(context, batch.first_attempts);
  const rows = {
    ...batch.rows,
    events: withAttempts(batch.rows.events, deliveries),
    corrections: withAttempts(batch.rows.corrections, deliveries),
  };
  return { ...batch, stage: "attempted", rows, in_flight: under_way, finish };
}
