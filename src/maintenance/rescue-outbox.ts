import type { Context } from "../context.ts";
import { withTimeout } from "../platform/with-timeout.ts";
import { type DueRow, postponeOutbox, readDueOutbox } from "../storage/pipeline/outbox.ts";

/** Rows of one read, and at most what a `sendBatch` takes: 100 messages and 256 KB together. */
const PAGE = 100;
const MAX_BATCH_CHARACTERS = 60_000;
const SEND_LIMIT_MS = 3_000;
const FIRST_WAIT_MS = 10_000;
const MAX_WAIT_MS = 300_000;

/** When a row that has been sent `sends` times before is to be sent again, were it still there: the waits double. */
function nextSendAt(sends: number, nowMs: number): number {
  return nowMs + Math.min(MAX_WAIT_MS, FIRST_WAIT_MS * 2 ** Math.min(sends, 10));
}

/** Rows in groups that fit a `sendBatch` whatever their characters: one is at most four bytes. */
function batches(rows: readonly DueRow[]): DueRow[][] {
  const groups: DueRow[][] = [];
  let length = 0;
  for (const row of rows) {
    const group = groups.at(-1);
    if (group === undefined || length + row.message.length > MAX_BATCH_CHARACTERS) {
      groups.push([row]);
      length = row.message.length;
    } else {
      group.push(row);
      length += row.message.length;
    }
  }
  return groups;
}

async function sendRows({ shard }: Context, rows: readonly DueRow[]): Promise<void> {
  const messages = rows.map((row) => ({ body: row.message, contentType: "text" as const }));
  const sent = await withTimeout(SEND_LIMIT_MS, () => shard.events.sendBatch(messages));
  if (sent.kind === "failed") throw sent.error;
  if (sent.kind === "timed_out") throw new Error("The queue did not answer in time.");
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
    for (const group of batches(rows)) {
      calls += 2;
      await sendRows(context, group);
      await postponeOutbox(
        context.shard.db,
        group.map(({ id, sends }) => ({ id, send_at: nextSendAt(sends, nowMs) })),
      );
      sent += group.length;
    }
  }
  return sent;
}
