import type { Context } from "../context.ts";
import { MAX_UTF8_BYTES_PER_CHARACTER, RESCUE_AFTER_MS } from "../platform/limits.ts";
import { packBatches, sendBatch } from "../platform/queues.ts";
import { type DueRow, postponeOutbox, readDueOutbox } from "../storage/pipeline/outbox.ts";

const PAGE = 100;
const MAX_WAIT_MS = 300_000;

/** When a row that has been sent `sends` times before is to be sent again, were it still there: the waits double. */
function nextSendAt(sends: number, nowMs: number): number {
  return nowMs + Math.min(MAX_WAIT_MS, RESCUE_AFTER_MS * 2 ** Math.min(sends, 10));
}

function bytesOf({ message }: DueRow): number {
  return message.length * MAX_UTF8_BYTES_PER_CHARACTER;
}

async function sendRows({ shard }: Context, rows: readonly DueRow[]): Promise<void> {
  const messages = rows.map(({ message }) => ({ body: message, contentType: "text" }) as const);
  const result = await sendBatch(shard.events, messages, { event_id: rows[0]?.id });
  if (result !== "sent") throw new Error("The queue did not take the events.");
}

/**
 * Sends events that the outbox still holds to the EVENTS queue; answers how many were sent. `nowMs` is the time that waits
 * count from; no more than about `mostCalls` calls are made, for a Worker may make a thousand. Throws where D1 or the queue fails: what was not sent stays for the next sweep.
 */
export async function sweepOutbox(
  context: Context,
  nowMs: number,
  dueBefore: number,
  mostCalls: number,
): Promise<number> {
  let sent = 0;
  let calls = 0;
  let after = "";
  while (calls < mostCalls) {
    const rows = await readDueOutbox(context.shard.db, dueBefore, after, PAGE);
    const last = rows.at(-1);
    if (last === undefined) break;
    after = last.id;
    for (const batch of packBatches(rows, { bytesOf })) {
      calls += 2;
      await sendRows(context, batch);
      await postponeOutbox(
        context.shard.db,
        batch.map(({ id, sends }) => ({ id, send_at: nextSendAt(sends, nowMs) })),
      );
      sent += batch.length;
    }
  }
  return sent;
}
