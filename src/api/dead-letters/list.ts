import { type DeadLetter, type DeadLetterCursor, listDeadLetters } from "../../storage/pipeline/dead-letters.ts";
import { atEachShard, listIn } from "../across-shards.ts";
import { endpoint, returns } from "../endpoint.ts";
import { listResponse, pageQuery, toPage } from "../paging.ts";
import { deadLetterList, viewDeadLetter } from "./fields.ts";

const PREFIX = "dlt_";
const TIME_LENGTH = 9;

/** The slot of a dead letter: its time and id, because the list is ordered by time and the id does not contain it. */
function slotOf({ received_at, id }: DeadLetter): string {
  return `${PREFIX}${Date.parse(received_at).toString(36).padStart(TIME_LENGTH, "0")}${id}`;
}

function parseCursor(slot: string): DeadLetterCursor | null {
  const start = PREFIX.length;
  const time = new Date(Number.parseInt(slot.slice(start, start + TIME_LENGTH), 36));
  if (Number.isNaN(time.getTime())) return null;
  return { received_at: time.toISOString(), id: slot.slice(start + TIME_LENGTH) };
}

export const list = endpoint({
  id: "deadLetters.list",
  method: "GET",
  path: "/dead-letters",
  scope: "read",
  summary: "List dead letters",
  query: pageQuery("dlt"),
  answers: { 200: returns(deadLetterList, "A page, newest first.") },
}).handle(async ({ context, query }) => {
  const { limit, before } = toPage(query);
  const after = before === null ? null : parseCursor(before);
  const { rows, next } = await listIn(atEachShard(context), limit, slotOf, async ({ shard: { db } }) => {
    const { rows: letters, more } = await listDeadLetters(db, after, limit);
    return { rows: letters, next: more ? (letters.slice(-1).map(slotOf)[0] ?? null) : null };
  });
  return listResponse(rows, next, viewDeadLetter);
});
