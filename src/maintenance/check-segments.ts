import type { Context } from "../context.ts";
import { logLine } from "../platform/log.ts";
import { shardField } from "../platform/shards.ts";
import { claimTask, storeCursors } from "../storage/maintenance/maintenance-tasks.ts";
import { checkSegment, nextToCheck } from "../storage/segments/check.ts";
import { eraseFromSegments } from "../storage/segments/rewrite.ts";
import { findSegment } from "../storage/segments/segment-rows.ts";
import { reportOccurrence } from "../system-events/occurrences.ts";
import { aboutShard } from "../system-events/subjects.ts";
import type { MaintenanceTask } from "./task.ts";

const TASK = "segments_check";
/** One segment is checked in this time, in ms: in its first minute, so that other runs make no query for it. */
const INTERVAL_MS = 600_000;
const MINUTE_MS = 60_000;

async function reportDamage(context: Context, id: string, reason: string): Promise<void> {
  const { shard, clock } = context;
  logLine("error", "segment.damaged", { ...shardField(context), segment_id: id, reason });
  await reportOccurrence(context, {
    type: "log.damaged",
    id: `shard ${shard.number}`,
    facts: { subject: aboutShard(shard), since_ms: clock(), count: 1, reason: `${id}: ${reason}` },
  });
}

/** Checks the next segment of the chain of a shard, and after the last one the first again. Returns the number of damaged ones. */
export const checkSegments: MaintenanceTask = {
  name: "check_segments",
  per: "shard",
  max_calls: 12,
  async run(context) {
    const { db } = context.shard;
    const nowMs = context.clock();
    if (nowMs % INTERVAL_MS >= MINUTE_MS) return 0;
    const oldest = await nextToCheck(db, 0);
    if (oldest === null) return 0;
    const cursors = await claimTask(db, TASK, nowMs, nowMs + INTERVAL_MS - MINUTE_MS);
    if (cursors === null) return 0;
    const after = Number(cursors["after"]?.[0] ?? 0);
    const wanted = after > 0 ? ((await nextToCheck(db, after)) ?? oldest) : oldest;
    const { id, version, sequence, removed } = wanted.segment;
    const reason = await checkSegment(context, wanted);
    await storeCursors(db, TASK, { after: [String(sequence)] });
    // What left the segment is elsewhere or erased. An erasure that was interrupted is finished here.
    if (reason === null && removed.size > 0) await eraseFromSegments(context, [...removed]);
    // It may have been written anew, or deleted, while it was read.
    if (reason === null || (await findSegment(db, id))?.version !== version) return 0;
    await reportDamage(context, id, reason);
    return 1;
  },
};
