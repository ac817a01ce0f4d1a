import type { Context } from "../context.ts";
import { MAX_UTF8_BYTES_PER_CHARACTER, RESCUE_AFTER_MS } from "../platform/limits.ts";
import { packBatches, sendBatch } from "../platform/queues.ts";
import type { Shard } from "../platform/shards.ts";
import { type DueRow, postponeOutbox, readDueOutbox } from "../storage/pipeline/outbox.ts";
import type { MaintenanceTask } from "./task.ts";

const PAGE_ROWS = 100;
const MAX_WAIT_MS = 300_000;

/** Returns when a row that was sent `sends` times before is sent again if it is still there. The waits double. */
function nextSendAt(sends: number, nowMs: number): number {
  return nowMs + Math.min(MAX_WAIT_MS, RESCUE_AFTER_MS * 2 ** Math.min(sends, 10));
}

function bytesOf({ message }: DueRow): number {
  return message.length * MAX_UTF8_BYTES_PER_CHARACTER;
}

async function sendRows(shard: Shard, rows: readonly DueRow[]): Promise<void> {
  const messages = rows.map(({ message }) => ({ body: message, contentType: "text" }) as const);
  const result = await sendBatch(shard.events, messages, { event_id: rows[0]?.id });
  if (result !== "sent") throw new Error("The queue did not take the events.");
}

/** Sends rows that were due by `dueBy` (ms since 1970), with at most `maxCalls` calls and at least one batch. Returns their number. */
async function sendDue({ shard, clock }: Context, dueBy: number, maxCalls: number): Promise<number> {
  const nowMs = clock();
  let sent = 0;
  let calls = 0;
  let after = "";
  while (calls < maxCalls) {
    calls += 1;
    const rows = await readDueOutbox(shard.db, dueBy, after, PAGE_ROWS);
    const last = rows.at(-1);
    if (last === undefined) break;
    after = last.id;
    for (const batch of packBatches(rows, { bytesOf })) {
      if (sent > 0 && calls + 2 > maxCalls) return sent;
      calls += 2;
      await sendRows(shard, batch);
      await postponeOutbox(
        shard.db,
        batch.map(({ id, sends }) => ({ id, send_at: nextSendAt(sends, nowMs) })),
      );
      sent += batch.length;
    }
  }
  return sent;
}

/** Sends due events of the outbox to the EVENTS queue. Returns their number. */
export const rescueOutbox: MaintenanceTask = {
  name: "rescue_outbox",
  per: "shard",
  max_calls: 130,
  run: (context, maxCalls) => sendDue(context, context.clock(), maxCalls),
};

/** Sends every event of the outbox to the EVENTS queue, after that has lost its messages. Returns their number. */
export const rescueAllOutbox: MaintenanceTask = {
  name: "rescue_outbox",
  per: "shard",
  max_calls: Number.POSITIVE_INFINITY,
  run: (context) => sendDue(context, Number.MAX_SAFE_INTEGER, Number.MAX_SAFE_INTEGER),
};
