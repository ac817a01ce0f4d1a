import { env } from "cloudflare:workers";
import type { Context } from "../../src/context.ts";
import { reconcile } from "../../src/model/reconciliation.ts";
import { readTotals } from "../../src/storage/maintenance/reconciliation.ts";
import { findGaps } from "../../src/maintenance/rollups.ts";
import { stepMove } from "../../src/maintenance/move-events.ts";
import { writeRollups } from "../../src/storage/maintenance/rollups.ts";
import { type Segment, parseSegment } from "../../src/storage/segments/segment-rows.ts";
import { tables } from "./tables.ts";

/** The same context with another HOT_HOURS. */
export function withHotHours(context: Context, hot_hours: number | null): Context {
  return { ...context, settings: { ...context.settings, hot_hours } };
}

/** Counts what is a minute old, as maintenance does before it moves events. */
async function countEvents(context: Context): Promise<void> {
  const { db } = context.shard;
  while (!(await writeRollups(db, context.clock() - 60_000)).is_done);
  await findGaps(context, true, 60);
}

/** Counts events and moves what is final, however few. Returns the number of events that moved. */
export async function moveAll(context: Context): Promise<number> {
  await countEvents(context);
  const hot = withHotHours(context, 0);
  let moved = 0;
  for (;;) {
    const now = await stepMove(hot, { after: "", small: true });
    if (now === 0) return moved;
    moved += now;
  }
}

/** The segments of the first shard, oldest first. */
export async function storedSegments(): Promise<Segment[]> {
  return (await tables.segments.all()).map(parseSegment);
}

/** The keys of all objects in R2. */
export async function objectKeys(): Promise<string[]> {
  return (await env.BODIES.list()).objects.map(({ key }) => key);
}

/** The reconciliation of the first shard. */
export async function balanceOf({ shard, clock }: Context) {
  const { accepted, outcomes, outbox } = await readTotals(shard.db, clock());
  return reconcile(accepted, outcomes, outbox);
}

/** Writes the object of a segment anew with one byte of its first block changed. */
export async function garble(segment: Segment | undefined): Promise<void> {
  const object = await env.BODIES.get(segment?.object_key ?? "");
  const bytes = new Uint8Array((await object?.arrayBuffer()) ?? new ArrayBuffer(0));
  await env.BODIES.put(segment?.object_key ?? "", bytes.with(40, (bytes[40] ?? 0) ^ 1));
}
